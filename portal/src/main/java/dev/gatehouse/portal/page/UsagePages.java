package dev.gatehouse.portal.page;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.metering.LedgerRow;
import dev.gatehouse.metering.UsageQuery;
import dev.gatehouse.metering.UsageQuery.Bucket;
import dev.gatehouse.metering.UsageQuery.Dimension;
import dev.gatehouse.metering.UsageReader;
import dev.gatehouse.metering.UsageSum;
import dev.gatehouse.portal.site.Access;
import dev.gatehouse.portal.site.Pages;
import dev.gatehouse.portal.site.Site;
import dev.gatehouse.portal.site.Visit;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What was used: live, by operation, call by call, and why a call went as it did. */
public final class UsagePages {
    private static final int MINUTES = 60;
    private static final Duration PACE = Duration.ofSeconds(2);
    private static final Duration LONGEST_STREAM = Duration.ofMinutes(10);

    private final UsageReader usage;
    private final Pages pages;
    private final InstantSource clock;

    public UsagePages(UsageReader usage, Pages pages, InstantSource clock) {
        this.usage = usage;
        this.pages = pages;
        this.clock = clock;
    }

    public void addTo(Site table) {
        table.get("/usage", Access.MEMBER, this::overview)
                .get("/usage/live", Access.MEMBER, this::live)
                .get("/usage.csv", Access.MEMBER, this::csv)
                .get("/usage/calls/{request}", Access.MEMBER, this::why);
    }

    /** Sums of a group over some days. */
    public record Group(String name, long calls, long units, long failed, String mean) {}

    private Response overview(Visit visit) {
        Instant now = clock.instant();
        TenantId tenant = visit.home().id();
        String by = visit.request().parameter("by").orElse("operation");
        Dimension dimension = switch (by) {
            case "key" -> Dimension.KEY;
            case "version" -> Dimension.VERSION;
            case "status" -> Dimension.STATUS;
            default -> Dimension.OPERATION;
        };
        Map<String, Object> values = new HashMap<>();
        values.put("series", Json.text(series(tenant, now)));
        values.put("minutes", minutes(tenant, now));
        values.put("groups", groups(tenant, now, dimension));
        values.put("by", dimension.name().toLowerCase(java.util.Locale.ROOT));
        values.put("latency", usage.latency(tenant, now.minus(Duration.ofDays(1)), now));
        values.put(
                "calls", usage.lastCalls(tenant, 25).stream().map(CallRow::of).toList());
        return pages.page(visit, "Usage", "usage", "usage.jte", values);
    }

    private List<Group> groups(TenantId tenant, Instant now, Dimension dimension) {
        Set<Dimension> by = Set.of(dimension, Dimension.STATUS);
        Map<String, List<UsageSum>> groups = new java.util.TreeMap<>();
        for (UsageSum sum :
                usage.sums(new UsageQuery(tenant, now.minus(Duration.ofDays(6)), now.plusSeconds(1), Bucket.DAY, by))) {
            String name = switch (dimension) {
                case KEY -> sum.key();
                case VERSION -> sum.version();
                case STATUS -> String.valueOf(sum.status());
                default -> sum.operation();
            };
            groups.computeIfAbsent(Objects.requireNonNullElse(name, "–"), n -> new ArrayList<>())
                    .add(sum);
        }
        return groups.entrySet().stream()
                .map(entry -> group(entry.getKey(), entry.getValue()))
                .sorted(java.util.Comparator.comparingLong(Group::calls).reversed())
                .toList();
    }

    private static Group group(String name, List<UsageSum> sums) {
        long calls = 0;
        long units = 0;
        long failed = 0;
        double millis = 0;
        for (UsageSum sum : sums) {
            calls += sum.calls();
            units += sum.units();
            failed += Objects.requireNonNullElse(sum.status(), 0) >= 400 ? sum.calls() : 0;
            millis += sum.meanMillis() * sum.calls();
        }
        return new Group(name, calls, units, failed, Show.decimal(calls == 0 ? 0 : millis / calls));
    }

    /** A minute of the last hour. */
    public record Minute(Instant at, long answered, long failed) {}

    private List<Minute> minutes(TenantId tenant, Instant now) {
        Instant first = Bucket.MINUTE.slot(now).minus(Duration.ofMinutes(MINUTES - 1));
        long[] answered = new long[MINUTES];
        long[] failed = new long[MINUTES];
        for (UsageSum sum : usage.sums(
                new UsageQuery(tenant, first, now.plusSeconds(1), Bucket.MINUTE, Set.of(Dimension.STATUS)))) {
            int slot = (int) Duration.between(first, sum.from()).toMinutes();
            if (slot >= 0 && slot < MINUTES) {
                (Objects.requireNonNullElse(sum.status(), 0) >= 400 ? failed : answered)[slot] += sum.calls();
            }
        }
        List<Minute> minutes = new ArrayList<>(MINUTES);
        for (int i = 0; i < MINUTES; i++) {
            minutes.add(new Minute(first.plusSeconds(60L * i), answered[i], failed[i]));
        }
        return minutes;
    }

    private List<List<Long>> series(TenantId tenant, Instant now) {
        List<Minute> minutes = minutes(tenant, now);
        return List.of(
                minutes.stream().map(minute -> minute.at().getEpochSecond()).toList(),
                minutes.stream().map(Minute::answered).toList(),
                minutes.stream().map(Minute::failed).toList());
    }

    private Response live(Visit visit) {
        TenantId tenant = visit.home().id();
        return Response.stream(200, "text/event-stream", out -> {
            // ended now and then, so that a session that ended does not look on: the browser comes again
            Instant end = clock.instant().plus(LONGEST_STREAM);
            while (clock.instant().isBefore(end)) {
                Instant now = clock.instant();
                String state = usage.completeUntil()
                        .map(until -> "Live. Complete up to " + Show.clock(until) + ".")
                        .orElse("Live.");
                String event = "data: " + Json.text(Map.of("series", series(tenant, now), "state", state)) + "\n\n";
                out.write(event.getBytes(StandardCharsets.UTF_8));
                out.flush();
                Thread.sleep(PACE);
            }
        });
    }

    private Response csv(Visit visit) {
        Instant now = clock.instant();
        StringBuilder text = new StringBuilder("hour,operation,status,calls,units\r\n");
        for (UsageSum sum : usage.sums(new UsageQuery(
                visit.home().id(),
                now.minus(Duration.ofDays(30)),
                now.plusSeconds(1),
                Bucket.HOUR,
                Set.of(Dimension.OPERATION, Dimension.STATUS)))) {
            text.append(sum.from())
                    .append(',')
                    .append(Objects.requireNonNullElse(sum.operation(), ""))
                    .append(',')
                    .append(Objects.requireNonNullElse(sum.status(), 0))
                    .append(',')
                    .append(sum.calls())
                    .append(',')
                    .append(sum.units())
                    .append("\r\n");
        }
        return Response.bytes(200, "text/csv; charset=utf-8", text.toString().getBytes(StandardCharsets.UTF_8))
                .with("Content-Disposition", "attachment; filename=\"usage.csv\"");
    }

    private Response why(Visit visit) {
        LedgerRow row = usage.call(visit.home().id(), visit.request().pathParameter("request"))
                .orElseThrow(
                        () -> new ProblemException(
                                ProblemCode.NOT_FOUND,
                                "No admitted call of yours has this request id. Refused calls are counted, not kept one by one."));
        UsageEvent event = row.event();
        return pages.page(
                visit, "Why this call went so", "usage", "why.jte", Map.of("event", event, "late", row.late()));
    }
}
