package dev.gatehouse.metering.account;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.metering.UsageQuery;
import dev.gatehouse.metering.UsageQuery.Bucket;
import dev.gatehouse.metering.UsageQuery.Dimension;
import dev.gatehouse.metering.UsageReader;
import dev.gatehouse.metering.UsageSum;
import dev.gatehouse.runtime.redis.Redis;
import io.lettuce.core.RedisException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a tenant used on the current UTC day, up to now. Gateways count in Redis a few times a second, whether the ledger's
 * writers keep up or not; where Redis says less than the ledger, as after it lost its memory, the ledger's figure stands.
 */
final class TodayUsage {
    private static final Logger LOG = LoggerFactory.getLogger(TodayUsage.class);
    private static final String CALLS = ":calls";
    private static final String UNITS = ":units";

    private final UsageReader ledger;
    private final Redis redis;
    private final InstantSource clock;

    TodayUsage(UsageReader ledger, Redis redis, InstantSource clock) {
        this.ledger = ledger;
        this.redis = redis;
        this.clock = clock;
    }

    /** Calls and units of one key or operation. */
    record Count(String name, long calls, long units) {}

    /**
     * @param source {@code counters}, or {@code ledger} when Redis does not answer
     * @param ledgeredCalls how many of the calls are in the ledger
     */
    record Today(
            LocalDate day,
            Instant asOf,
            String source,
            long calls,
            long units,
            long ledgeredCalls,
            List<Count> keys,
            List<Count> operations) {}

    Today of(TenantId tenant) {
        Instant now = clock.instant();
        LocalDate day = LocalDate.ofInstant(now, ZoneOffset.UTC);
        Instant midnight = day.atStartOfDay(ZoneOffset.UTC).toInstant();
        // the ledger first: what is written meanwhile is in the counters already
        List<UsageSum> sums = ledger.sums(new UsageQuery(
                tenant, midnight, now.plusSeconds(1), Bucket.DAY, Set.of(Dimension.KEY, Dimension.OPERATION)));
        Map<String, Long> fields = new TreeMap<>();
        for (UsageSum sum : sums) {
            add(fields, "calls", "units", sum);
            String key = Objects.requireNonNull(sum.key());
            add(fields, UsageStreams.keyCalls(key), UsageStreams.keyUnits(key), sum);
            String operation = Objects.requireNonNull(sum.operation());
            add(fields, UsageStreams.operationCalls(operation), UsageStreams.operationUnits(operation), sum);
        }
        long ledgered = fields.getOrDefault("calls", 0L);
        String source = "counters";
        try {
            redis.commands()
                    .hgetall(UsageStreams.counters(tenant, day))
                    .forEach((field, count) -> fields.merge(field, Long.parseLong(count), Math::max));
        } catch (RedisException e) {
            LOG.warn("today's usage comes from the ledger alone: {}", e.getMessage());
            source = "ledger";
        }
        return new Today(
                day,
                now,
                source,
                fields.getOrDefault("calls", 0L),
                fields.getOrDefault("units", 0L),
                ledgered,
                counts(fields, "k:"),
                counts(fields, "o:"));
    }

    private static void add(Map<String, Long> fields, String calls, String units, UsageSum sum) {
        fields.merge(calls, sum.calls(), Long::sum);
        fields.merge(units, sum.units(), Long::sum);
    }

    private static List<Count> counts(Map<String, Long> fields, String prefix) {
        return fields.entrySet().stream()
                .filter(field ->
                        field.getKey().startsWith(prefix) && field.getKey().endsWith(CALLS))
                .map(field -> {
                    String name = field.getKey()
                            .substring(prefix.length(), field.getKey().length() - CALLS.length());
                    return new Count(name, field.getValue(), fields.getOrDefault(prefix + name + UNITS, 0L));
                })
                .toList();
    }
}
