package dev.gatehouse.bench.crash;

import dev.gatehouse.bench.crash.CallRecord.Sight;
import dev.gatehouse.kernel.usage.Completion;
import dev.gatehouse.kernel.usage.RefusalTally;
import dev.gatehouse.kernel.usage.UsageEvent;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What callers saw beside what the ledger holds. Pure.
 *
 * @param whole answers that callers received whole
 * @param once of them, those that are in the ledger exactly once
 * @param cut other events in the ledger: of calls that their caller saw cut
 * @param others whatever else is in the ledger
 */
record Matching(long whole, long once, long cut, long others) {
    /**
     * Matches calls and events by the id that the caller sent.
     *
     * @param lost numbers that gateways declared lost; 0 unless a journal was made to run full
     */
    static Matching of(Collection<CallRecord> calls, Collection<UsageEvent> ledger, long lost, Consumer<String> fault) {
        Map<String, UsageEvent> events = new HashMap<>();
        long twice = 0;
        for (UsageEvent event : ledger) {
            if (events.put(String.valueOf(event.clientRequestId()), event) != null) {
                twice++;
                fault.accept(event.clientRequestId() + " is in the ledger twice");
            }
        }
        long whole = 0;
        long once = 0;
        long cut = 0;
        long cutUnseen = 0;
        for (CallRecord call : calls) {
            if (call.refusal() != null) {
                // its event, should there be one, is left over and found below
                continue;
            }
            UsageEvent event = events.remove(call.id());
            if (call.sight() == Sight.WHOLE) {
                whole++;
                if (event != null) {
                    once++;
                    whole(call, event, fault);
                } else if (lost == 0) {
                    fault.accept(call.id() + " was answered " + call.status() + " whole and is not in the ledger");
                }
            } else if (event != null) {
                cut++;
                cut(event, fault);
            } else {
                cutUnseen++;
            }
        }
        long missing = whole - once;
        if (missing > lost || lost > missing + cutUnseen) {
            fault.accept(missing + " whole answers are missing, " + lost + " are declared lost");
        }
        events.values()
                .forEach(event -> fault.accept(
                        event.clientRequestId() + " is in the ledger, and nobody sent it or it was refused"));
        return new Matching(whole, once, cut, twice + events.size());
    }

    private static void whole(CallRecord call, UsageEvent event, Consumer<String> fault) {
        if (event.status() != call.status()) {
            fault.accept(call.id() + " was answered " + call.status() + ", the ledger says " + event.status());
        }
        if (event.completion() != Completion.COMPLETE && event.completion() != Completion.UNKNOWN) {
            fault.accept(call.id() + " came whole and is " + event.completion() + " in the ledger");
        }
        boolean success = call.status() == 200 && event.completion() == Completion.COMPLETE;
        if (event.billable() != success) {
            fault.accept(call.id() + " answered " + call.status() + " and " + event.completion() + " is"
                    + (event.billable() ? "" : " not") + " billable");
        }
    }

    /** Callers wait for every answer, so only a gateway's death can have cut one. */
    private static void cut(UsageEvent event, Consumer<String> fault) {
        if (event.completion() != Completion.UNKNOWN || event.billable()) {
            fault.accept(event.clientRequestId() + " was cut and is " + event.completion() + " in the ledger"
                    + (event.billable() ? ", and billed" : ""));
        }
    }

    /**
     * Matches refusals by count, for each caller and code: the ledger has every one that was answered whole, and of those
     * that were cut at most all. What found no room in a journal is counted by its number alone.
     *
     * @param counted by the ledger: the caller's name, a blank and the code, to the count
     * @param nameOf a caller's name
     * @return how many the ledger counts
     */
    static long refusals(
            Collection<CallRecord> calls,
            Map<String, Long> counted,
            Function<CallRecord, String> nameOf,
            Consumer<String> fault) {
        Map<String, Long> seen = new TreeMap<>();
        Map<String, Long> cut = new TreeMap<>();
        for (CallRecord call : calls) {
            if (call.refusal() != null) {
                seen.merge(nameOf.apply(call) + " " + call.refusal(), 1L, Long::sum);
            } else if (call.sight() == Sight.CUT) {
                cut.merge(nameOf.apply(call), 1L, Long::sum);
            }
        }
        long noRoom = noRoom(counted);
        long lacking = 0;
        Map<String, Long> all = new TreeMap<>(counted);
        seen.keySet().forEach(key -> all.putIfAbsent(key, 0L));
        all.keySet().removeIf(Matching::isNoRoom);
        for (String key : all.keySet()) {
            long ledger = all.getOrDefault(key, 0L);
            long answered = seen.getOrDefault(key, 0L);
            long most = answered + cut.getOrDefault(key.substring(0, key.indexOf(' ')), 0L);
            lacking += Math.max(0, answered - ledger);
            if (ledger < answered && noRoom == 0 || ledger > most) {
                fault.accept("refusals of " + key + ": callers saw " + answered + " to " + most + ", the ledger counts "
                        + ledger);
            }
        }
        long cuts = cut.values().stream().mapToLong(Long::longValue).sum();
        if (noRoom < lacking || noRoom > lacking + cuts) {
            fault.accept(lacking + " refusals are missing, " + noRoom + " found no room");
        }
        return counted.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Refusals that found no room in a journal. */
    static long noRoom(Map<String, Long> counted) {
        return counted.entrySet().stream()
                .filter(entry -> isNoRoom(entry.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    private static boolean isNoRoom(String key) {
        return key.endsWith(" " + RefusalTally.NO_ROOM);
    }
}
