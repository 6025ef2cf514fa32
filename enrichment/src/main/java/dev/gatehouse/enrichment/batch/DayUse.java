package dev.gatehouse.enrichment.batch;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.kernel.usage.UsageStreams;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What rows add to the day of their tenants in Redis: to the counters, as the gateways count their own calls, and to the quota
 * and the key's share that admission looks at. Units are taken even below zero: the calls that follow are refused.
 */
final class DayUse {
    private static final long COUNTERS_SECONDS = 3 * 86_400L;
    private static final String TAKE = script();

    private record Caller(TenantId tenant, KeyId key, LocalDate day) {}

    private final Map<String, Map<String, Long>> counters = new TreeMap<>();
    private final Map<Caller, Long> units = new HashMap<>();

    private static String script() {
        try (InputStream in = DayUse.class.getResourceAsStream("take.lua")) {
            if (in == null) {
                throw new IllegalStateException("take.lua is not in the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void add(UsageEvent event) {
        LocalDate day = LocalDate.ofInstant(event.at(), ZoneOffset.UTC);
        String caller = event.key().value();
        Map<String, Long> fields =
                counters.computeIfAbsent(UsageStreams.counters(event.tenant(), day), key -> new TreeMap<>());
        for (String field :
                List.of("calls", UsageStreams.keyCalls(caller), UsageStreams.operationCalls(event.operation()))) {
            fields.merge(field, 1L, Long::sum);
        }
        for (String field :
                List.of("units", UsageStreams.keyUnits(caller), UsageStreams.operationUnits(event.operation()))) {
            fields.merge(field, event.charged(), Long::sum);
        }
        if (event.charged() > 0) {
            units.merge(new Caller(event.tenant(), event.key(), day), event.charged(), Long::sum);
        }
    }

    void write(RedisCommands<String, byte[]> commands) {
        counters.forEach((key, fields) -> {
            fields.forEach((field, amount) -> commands.hincrby(key, field, amount));
            commands.expire(key, COUNTERS_SECONDS);
        });
        units.forEach((caller, taken) -> {
            Long unused = commands.eval(
                    TAKE,
                    ScriptOutputType.INTEGER,
                    new String[] {
                        UsageStreams.levels(caller.tenant()),
                        UsageStreams.share(caller.tenant(), caller.key().value())
                    },
                    ascii(caller.day().toEpochDay()),
                    ascii(taken));
        });
    }

    private static byte[] ascii(long number) {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }
}
