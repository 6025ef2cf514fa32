package dev.gatehouse.gateway.stub;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.usage.MalformedUsageException;
import dev.gatehouse.kernel.usage.UsageBatch;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.kernel.usage.UsageEventCodec;
import dev.gatehouse.kernel.usage.UsageStreams;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What metering does, in memory: takes usage off the stream once, and raises quotas in Redis by its script to what it holds,
 * three seconds after it has looked. It does so all the time, where metering waits for a reason.
 */
public final class Ledger implements AutoCloseable {
    private static final Path RAISE =
            Path.of("../metering/src/main/resources/dev/gatehouse/metering/restore/quota.lua");
    private static final long RIPE_NANOS = 3_000_000_000L;

    private record Figures(long readNanos, Map<TenantId, Long> units) {}

    private final RedisClient client;
    private final StatefulRedisConnection<String, byte[]> connection;
    private final String raise;
    private final Thread thread;
    private final Set<String> seen = new HashSet<>();
    private final Map<TenantId, Long> charged = new ConcurrentHashMap<>();
    private final Map<TenantId, Integer> events = new ConcurrentHashMap<>();
    private final Deque<Figures> ripening = new ArrayDeque<>();
    private volatile boolean closed;

    private Ledger(String url) throws IOException {
        raise = Files.readString(RAISE);
        client = RedisClient.create(url);
        connection = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
        thread = Thread.ofPlatform().daemon().name("ledger").start(this::run);
    }

    public static Ledger follow(String url) throws IOException {
        return new Ledger(url);
    }

    /** Units that the tenant's calls were charged. */
    public long charged(TenantId tenant) {
        return charged.getOrDefault(tenant, 0L);
    }

    public int events(TenantId tenant) {
        return events.getOrDefault(tenant, 0);
    }

    /** What Redis says that the tenant used today. */
    public static long used(StatefulRedisConnection<String, String> redis, TenantId tenant) {
        String units = redis.sync()
                .eval(
                        "local s = redis.call('GET', KEYS[1]) if not s then return '0' end"
                                + " local u, t, q = struct.unpack('<dddd', s) return string.format('%.0f', q)",
                        ScriptOutputType.VALUE, UsageStreams.levels(tenant));
        return Long.parseLong(units);
    }

    private void run() {
        while (!closed) {
            try {
                read();
                raise();
            } catch (RedisException e) {
                // it is away, and comes back
            } catch (MalformedUsageException e) {
                throw new AssertionError(e);
            }
            try {
                Thread.sleep(200);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void read() throws MalformedUsageException {
        for (StreamMessage<String, byte[]> message :
                connection.sync().xrange(UsageStreams.stream(0), Range.unbounded())) {
            UsageBatch batch = UsageBatch.ofFields(message.getBody());
            if (batch.kind() == UsageBatch.Kind.USAGE) {
                batch.forEach((seq, bytes, offset, length) ->
                        take(UsageEventCodec.decode(batch.producer(), batch.epoch(), seq, bytes, offset, length)));
            }
        }
        ripening.addLast(new Figures(System.nanoTime(), new HashMap<>(charged)));
    }

    private void take(UsageEvent event) {
        if (seen.add(event.producer() + ' ' + event.epoch() + ' ' + event.seq())) {
            charged.merge(event.tenant(), event.charged(), Long::sum);
            events.merge(event.tenant(), 1, Integer::sum);
        }
    }

    private void raise() {
        String day = Long.toString(LocalDate.now(ZoneOffset.UTC).toEpochDay());
        @Nullable Figures ripe;
        while ((ripe = ripening.peekFirst()) != null && System.nanoTime() - ripe.readNanos() > RIPE_NANOS) {
            ripening.removeFirst();
            ripe.units()
                    .forEach((tenant, units) -> connection
                            .sync()
                            .eval(
                                    raise,
                                    ScriptOutputType.INTEGER,
                                    new String[] {UsageStreams.levels(tenant)},
                                    day.getBytes(StandardCharsets.US_ASCII),
                                    Long.toString(units).getBytes(StandardCharsets.US_ASCII)));
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        connection.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
    }
}
