package dev.gatehouse.bench.metering;

import dev.gatehouse.engines.Durability;
import dev.gatehouse.engines.EmbeddedPostgres;
import dev.gatehouse.engines.EmbeddedRedis;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.usage.UsageBatch;
import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.metering.MeteringModule;
import dev.gatehouse.metering.MeteringSettings;
import dev.gatehouse.metering.TenantDirectory;
import dev.gatehouse.metering.UsageQuery;
import dev.gatehouse.metering.UsageQuery.Bucket;
import dev.gatehouse.metering.UsageSum;
import dev.gatehouse.runtime.config.Settings;
import dev.gatehouse.runtime.redis.Redis;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import io.lettuce.core.api.StatefulRedisConnection;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * How old what the usage API sums is: calls come in at an even rate as the gateway's shipper brings them, every 25 ms, and the
 * sums of the minute are asked for all the while.
 */
final class UsageLag {
    private static final int RATE = 5_000;
    private static final int SHIPPED_MILLIS = 25;
    private static final int CALLS = RATE * SHIPPED_MILLIS / 1_000;
    private static final int SETTLING_SECONDS = 3;

    private final int seconds;
    private final Path folder;

    UsageLag(int seconds, Path folder) {
        this.seconds = seconds;
        this.folder = folder;
    }

    /** Milliseconds from a call's time to its being in the sums. */
    MonthSpeed.Times measure() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder.resolve("lag-postgres"), Durability.DURABLE);
                EmbeddedRedis server = EmbeddedRedis.start(folder.resolve("lag-redis"), Durability.THROWN_AWAY);
                Redis redis = Redis.connect(server.url());
                MeteringModule metering = MeteringModule.open(
                        DatabaseUrl.parse(postgres.url()),
                        MeteringSettings.of(Settings.of(Map.of())),
                        InstantSource.system())) {
            metering.startWriters(redis, TenantDirectory.OPEN, "bench", new SimpleMeterRegistry());
            return watch(redis, metering);
        }
    }

    private MonthSpeed.Times watch(Redis redis, MeteringModule metering) throws Exception {
        String producer = "gw_lag.0";
        String stream = UsageStreams.stream(UsageStreams.shardOf(producer, UsageStreams.DEFAULT_SHARDS));
        GeneratedCalls calls = new GeneratedCalls(producer, 1, 1, 20_261_125);
        TenantId tenant = GeneratedCalls.tenant(0);
        Instant begin = Instant.now();
        long begun = System.nanoTime();
        long[] shipped = new long[(seconds + SETTLING_SECONDS) * 1_000 / SHIPPED_MILLIS];
        Thread shipper = Thread.ofPlatform().daemon().start(() -> {
            try (StatefulRedisConnection<String, byte[]> gateway = redis.connectBytes()) {
                for (int i = 0; i < shipped.length; i++) {
                    long due = begun + i * SHIPPED_MILLIS * 1_000_000L;
                    TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
                    for (UsageBatch entry : calls.entries(CALLS, Instant.now(), RATE * 10)) {
                        gateway.sync().xadd(stream, entry.toFields());
                    }
                    shipped[i] = System.nanoTime();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        List<Double> lags = new ArrayList<>();
        while (shipper.isAlive()) {
            long seen = metering
                    .reader()
                    .sums(new UsageQuery(tenant, begin, Instant.now().plusSeconds(60), Bucket.MINUTE, Set.of()))
                    .stream()
                    .mapToLong(UsageSum::calls)
                    .sum();
            long answered = System.nanoTime();
            // the first call that is not in the sums came with this shipment, which was due then
            int missing = (int) (seen / CALLS);
            if (answered - begun > Duration.ofSeconds(SETTLING_SECONDS).toNanos() && missing < shipped.length) {
                lags.add(Math.max(0, (answered - begun) / 1e6 - (double) missing * SHIPPED_MILLIS));
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return MonthSpeed.Times.of(
                "age of the usage API's sums at 5,000 calls/s",
                lags.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
