package dev.gatehouse.gateway.report;

import dev.gatehouse.gateway.redis.LoopRedis;
import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.usage.RefusalTally;
import dev.gatehouse.kernel.usage.RefusalTallyCodec;
import dev.gatehouse.kernel.usage.UsageBatch;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.kernel.usage.UsageEventCodec;
import dev.gatehouse.kernel.usage.UsageStreams;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.ByteArrayOutput;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds events in memory and puts them on the producer's Redis stream in batches, with the day's counters, at every
 * {@link #tick}. While Redis is away it keeps up to {@link #MAX_HELD} batches; what it has to drop beyond that
 * it names as a gap.
 */
public final class StreamUsageRecorder implements UsageRecorder {
    static final int MAX_HELD = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(StreamUsageRecorder.class);
    private static final long COUNTERS_SECONDS = 3 * 86_400L;
    private static final long COUNT_MILLIS = 500;
    private static final byte[] INCREMENT = utf8("""
            for i = 2, #ARGV, 2 do redis.call('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1]) end
            return redis.call('EXPIRE', KEYS[1], ARGV[1])""");

    private final String producer;
    private final long epoch;
    private final LoopRedis redis;
    private final byte[] stream;
    private final UsageEventCodec events = new UsageEventCodec();
    private final RefusalTallyCodec tallies = new RefusalTallyCodec();
    private final UsageBatch.Builder usage;
    private final UsageBatch.Builder refusals;
    private final Queue<UsageBatch> held = new ArrayDeque<>();
    private final Map<Refused, long[]> second = new HashMap<>();
    private final Map<String, Map<String, long[]>> counters = new HashMap<>();
    private long seq;
    private long refusalSeq;
    private long countedMillis;

    /** @param epoch larger than that of every earlier start of this producer */
    public StreamUsageRecorder(String producer, long epoch, int shards, LoopRedis redis) {
        this.producer = producer;
        this.epoch = epoch;
        this.redis = redis;
        stream = utf8(UsageStreams.stream(UsageStreams.shardOf(producer, shards)));
        usage = new UsageBatch.Builder(UsageBatch.Kind.USAGE, producer, epoch);
        refusals = new UsageBatch.Builder(UsageBatch.Kind.REFUSALS, producer, epoch);
    }

    private record Refused(
            @Nullable TenantId tenant, @Nullable KeyId key, String code, long second) {}

    @Override
    public String producer() {
        return producer;
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public long nextSeq() {
        return ++seq;
    }

    @Override
    public void append(UsageEvent event) {
        int length = events.encode(event);
        if (!usage.add(event.seq(), events.buffer(), 0, length)) {
            hold(usage);
            usage.add(event.seq(), events.buffer(), 0, length);
        }
        count(event);
    }

    @Override
    public void refused(@Nullable TenantId tenant, @Nullable KeyId key, String code, Instant at) {
        second.computeIfAbsent(new Refused(tenant, key, code, at.getEpochSecond()), k -> new long[1])[0]++;
    }

    /** Puts what has gathered on the stream. */
    @Override
    public void tick(Instant now) {
        ship(now.getEpochSecond());
        if (now.toEpochMilli() - countedMillis >= COUNT_MILLIS) {
            countedMillis = now.toEpochMilli();
            writeCounters();
        }
    }

    private void writeCounters() {
        if (redis.isConnected()) {
            counters.forEach(this::increment);
            counters.clear();
        }
    }

    private void ship(long nowSeconds) {
        tally(nowSeconds);
        hold(usage);
        hold(refusals);
        if (!redis.isConnected()) {
            return;
        }
        UsageBatch batch;
        while ((batch = held.poll()) != null) {
            add(batch);
        }
    }

    @Override
    public void close() {
        ship(Long.MAX_VALUE);
        writeCounters();
    }

    private void tally(long nowSeconds) {
        var each = second.entrySet().iterator();
        while (each.hasNext()) {
            var entry = each.next();
            Refused refused = entry.getKey();
            if (refused.second() < nowSeconds) {
                each.remove();
                RefusalTally tally = new RefusalTally(
                        producer,
                        epoch,
                        ++refusalSeq,
                        refused.tenant(),
                        refused.key(),
                        refused.code(),
                        Instant.ofEpochSecond(refused.second()),
                        entry.getValue()[0]);
                int length = tallies.encode(tally);
                if (!refusals.add(tally.seq(), tallies.buffer(), 0, length)) {
                    hold(refusals);
                    refusals.add(tally.seq(), tallies.buffer(), 0, length);
                }
            }
        }
    }

    private void hold(UsageBatch.Builder builder) {
        if (builder.isEmpty()) {
            return;
        }
        UsageBatch batch = builder.build();
        builder.clear();
        if (held.size() >= MAX_HELD) {
            UsageBatch.Kind gap =
                    batch.kind() == UsageBatch.Kind.USAGE ? UsageBatch.Kind.USAGE_GAP : UsageBatch.Kind.REFUSALS_GAP;
            LOG.error(
                    "Redis has been away too long: {} {} from {} on are lost",
                    batch.count(),
                    batch.kind(),
                    batch.first());
            batch = new UsageBatch(
                    gap, producer, epoch, batch.first(), batch.count(), utf8("Redis was away and the memory was full"));
        }
        held.add(batch);
    }

    private void count(UsageEvent event) {
        LocalDate day = LocalDate.ofInstant(event.at(), ZoneOffset.UTC);
        Map<String, long[]> day1 =
                counters.computeIfAbsent(UsageStreams.counters(event.tenant(), day), k -> new HashMap<>());
        String key = event.key().value();
        plus(day1, "calls", 1);
        plus(day1, "units", event.charged());
        plus(day1, UsageStreams.keyCalls(key), 1);
        plus(day1, UsageStreams.keyUnits(key), event.charged());
        plus(day1, UsageStreams.operationCalls(event.operation()), 1);
        plus(day1, UsageStreams.operationUnits(event.operation()), event.charged());
    }

    private static void plus(Map<String, long[]> fields, String field, long amount) {
        fields.computeIfAbsent(field, k -> new long[1])[0] += amount;
    }

    private void increment(String counter, Map<String, long[]> fields) {
        CommandArgs<byte[], byte[]> args =
                args().add(INCREMENT).add(1).addKey(utf8(counter)).add(COUNTERS_SECONDS);
        fields.forEach((field, amount) -> args.add(utf8(field)).add(amount[0]));
        send(CommandType.EVAL, new IntegerOutput<>(ByteArrayCodec.INSTANCE), args);
    }

    private void add(UsageBatch batch) {
        CommandArgs<byte[], byte[]> args = args().addKey(stream).add("*");
        batch.toFields().forEach((name, value) -> args.add(utf8(name)).add(value));
        if (!send(CommandType.XADD, new ByteArrayOutput<>(ByteArrayCodec.INSTANCE), args)) {
            held.add(batch);
        }
    }

    private <T> boolean send(
            CommandType type, CommandOutput<byte[], byte[], T> output, CommandArgs<byte[], byte[]> args) {
        return redis.send(new Command<>(type, output, args));
    }

    private static CommandArgs<byte[], byte[]> args() {
        return new CommandArgs<>(ByteArrayCodec.INSTANCE);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
