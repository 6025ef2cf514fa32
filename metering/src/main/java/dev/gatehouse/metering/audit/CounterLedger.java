package dev.gatehouse.metering.audit;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.usage.MalformedUsageException;
import dev.gatehouse.kernel.usage.UsageBatch;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.kernel.usage.UsageEventCodec;
import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.metering.ledger.Sequence;
import dev.gatehouse.metering.ledger.Series;
import dev.gatehouse.metering.store.LedgerCounts.Split;
import dev.gatehouse.runtime.redis.Redis;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/** What Redis knows: the gateways' counters, and what is on the streams. */
final class CounterLedger {
    private static final long COUNTERS_SECONDS = 3 * 86_400L;
    private static final int PAGE = 200;

    private final Redis redis;
    private final int shards;

    CounterLedger(Redis redis, int shards) {
        this.redis = redis;
        this.shards = shards;
    }

    /** Calls and units that a day's counters say; null when there are none. */
    record Counted(long calls, long units) {}

    @org.jspecify.annotations.Nullable
    Counted counted(TenantId tenant, LocalDate day) {
        Map<String, String> fields = redis.commands().hgetall(UsageStreams.counters(tenant, day));
        return fields.isEmpty()
                ? null
                : new Counted(
                        Long.parseLong(fields.getOrDefault("calls", "0")),
                        Long.parseLong(fields.getOrDefault("units", "0")));
    }

    /** Sets a day's counters to the ledger's figures and returns how many fields were set. */
    int repair(TenantId tenant, LocalDate day, List<Split> splits) {
        Map<String, String> fields = new HashMap<>();
        Map<String, Long> sums = new HashMap<>();
        for (Split split : splits) {
            sums.merge("calls", split.calls(), Long::sum);
            sums.merge("units", split.units(), Long::sum);
            sums.merge(UsageStreams.keyCalls(split.key()), split.calls(), Long::sum);
            sums.merge(UsageStreams.keyUnits(split.key()), split.units(), Long::sum);
            sums.merge(UsageStreams.operationCalls(split.operation()), split.calls(), Long::sum);
            sums.merge(UsageStreams.operationUnits(split.operation()), split.units(), Long::sum);
        }
        sums.forEach((field, value) -> fields.put(field, Long.toString(value)));
        String key = UsageStreams.counters(tenant, day);
        redis.commands().del(key);
        if (!fields.isEmpty()) {
            redis.commands().hset(key, fields);
            redis.commands().expire(key, COUNTERS_SECONDS);
        }
        return fields.size();
    }

    /** The last number of each sequence that its gateway says it has written down. */
    Map<Sequence, Long> journaled() {
        Map<Sequence, Long> journaled = new HashMap<>();
        for (int shard = 0; shard < shards; shard++) {
            redis.commands().hgetall(UsageStreams.journaled(shard)).forEach((field, last) -> {
                String[] part = field.split(":", 3);
                if (part.length == 3) {
                    journaled.put(
                            new Sequence(part[2], Long.parseLong(part[1]), Series.of(part[0])), Long.parseLong(last));
                }
            });
        }
        return journaled;
    }

    /** Calls on the streams that the ledger does not hold, per tenant and day. */
    Map<TenantId, Map<LocalDate, Long>> streamed(BiPredicate<Sequence, Long> held) {
        Map<TenantId, Map<LocalDate, Long>> streamed = new HashMap<>();
        Set<String> seen = new HashSet<>();
        try (StatefulRedisConnection<String, byte[]> connection = redis.connectBytes()) {
            for (int shard = 0; shard < shards; shard++) {
                String after = "-";
                while (true) {
                    List<StreamMessage<String, byte[]>> page = connection
                            .sync()
                            .xrange(
                                    UsageStreams.stream(shard),
                                    after.equals("-")
                                            ? Range.unbounded()
                                            : Range.from(Range.Boundary.excluding(after), Range.Boundary.unbounded()),
                                    Limit.from(PAGE));
                    if (page.isEmpty()) {
                        break;
                    }
                    page.forEach(entry -> add(entry, held, seen, streamed));
                    after = page.getLast().getId();
                }
            }
        }
        return streamed;
    }

    private static void add(
            StreamMessage<String, byte[]> entry,
            BiPredicate<Sequence, Long> held,
            Set<String> seen,
            Map<TenantId, Map<LocalDate, Long>> streamed) {
        try {
            UsageBatch batch = UsageBatch.ofFields(entry.getBody());
            if (batch.kind() != UsageBatch.Kind.USAGE) {
                return;
            }
            Sequence sequence = new Sequence(batch.producer(), batch.epoch(), Series.USAGE);
            batch.forEach((seq, bytes, offset, length) -> {
                if (!held.test(sequence, seq) && seen.add(batch.producer() + '/' + batch.epoch() + '/' + seq)) {
                    UsageEvent event =
                            UsageEventCodec.decode(batch.producer(), batch.epoch(), seq, bytes, offset, length);
                    streamed.computeIfAbsent(event.tenant(), t -> new HashMap<>())
                            .merge(LocalDate.ofInstant(event.at(), ZoneOffset.UTC), 1L, Long::sum);
                }
            });
        } catch (MalformedUsageException e) {
            // junk is no call: the writer sets it aside with its reason
            seen.add(new String(entry.getId().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
        }
    }
}
