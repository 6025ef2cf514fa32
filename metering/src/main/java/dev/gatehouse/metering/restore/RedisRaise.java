package dev.gatehouse.metering.restore;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.metering.store.LedgerCounts.TenantSplit;
import dev.gatehouse.runtime.redis.Redis;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Raises quotas and counters in Redis to what the ledger holds of a day, and never lowers one. What a tenant really used is
 * at least what is in the ledger, so this gives nobody too little; and it can be done at any time and again.
 */
public final class RedisRaise {
    private static final String QUOTA = script("quota.lua");
    private static final String SHARE = script("share.lua");
    private static final String COUNTERS = script("counters.lua");
    private static final long COUNTERS_SECONDS = 3 * 86_400L;

    private final Redis redis;

    public RedisRaise(Redis redis) {
        this.redis = redis;
    }

    /**
     * Raises what is lower than these figures.
     *
     * @return how many values were raised
     */
    public int raise(LocalDate day, List<TenantSplit> splits) {
        Map<TenantId, Map<String, Long>> counters = new TreeMap<>(java.util.Comparator.comparing(TenantId::value));
        Map<TenantId, Map<String, Long>> keys = new TreeMap<>(java.util.Comparator.comparing(TenantId::value));
        for (TenantSplit split : splits) {
            Map<String, Long> sums = counters.computeIfAbsent(split.tenant(), t -> new TreeMap<>());
            sums.merge("calls", split.calls(), Long::sum);
            sums.merge("units", split.units(), Long::sum);
            sums.merge(UsageStreams.keyCalls(split.key()), split.calls(), Long::sum);
            sums.merge(UsageStreams.keyUnits(split.key()), split.units(), Long::sum);
            sums.merge(UsageStreams.operationCalls(split.operation()), split.calls(), Long::sum);
            sums.merge(UsageStreams.operationUnits(split.operation()), split.units(), Long::sum);
            keys.computeIfAbsent(split.tenant(), t -> new TreeMap<>()).merge(split.key(), split.units(), Long::sum);
        }
        int raised = 0;
        for (Map.Entry<TenantId, Map<String, Long>> tenant : counters.entrySet()) {
            raised += raise(tenant.getKey(), day, tenant.getValue(), keys.getOrDefault(tenant.getKey(), Map.of()));
        }
        return raised;
    }

    private int raise(TenantId tenant, LocalDate day, Map<String, Long> counters, Map<String, Long> keys) {
        RedisCommands<String, String> commands = redis.commands();
        String number = Long.toString(day.toEpochDay());
        long raised = run(
                commands,
                QUOTA,
                UsageStreams.levels(tenant),
                number,
                Long.toString(counters.getOrDefault("units", 0L)));
        for (Map.Entry<String, Long> key : keys.entrySet()) {
            raised += run(
                    commands, SHARE, UsageStreams.share(tenant, key.getKey()), number, Long.toString(key.getValue()));
        }
        List<String> arguments = new ArrayList<>();
        arguments.add(Long.toString(COUNTERS_SECONDS));
        counters.forEach((field, value) -> {
            arguments.add(field);
            arguments.add(Long.toString(value));
        });
        raised += run(commands, COUNTERS, UsageStreams.counters(tenant, day), arguments.toArray(String[]::new));
        return Math.toIntExact(raised);
    }

    private static long run(RedisCommands<String, String> commands, String script, String key, String... arguments) {
        Long raised = commands.eval(script, ScriptOutputType.INTEGER, new String[] {key}, arguments);
        return raised == null ? 0 : raised;
    }

    private static String script(String name) {
        try (InputStream in = RedisRaise.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the script " + name + " is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the script " + name + " cannot be read", e);
        }
    }
}
