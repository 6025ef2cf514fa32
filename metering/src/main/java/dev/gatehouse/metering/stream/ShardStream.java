package dev.gatehouse.metering.stream;

import dev.gatehouse.kernel.usage.UsageBatch;
import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.metering.ledger.Sequence;
import dev.gatehouse.metering.ledger.Series;
import dev.gatehouse.runtime.redis.Redis;
import io.lettuce.core.Consumer;
import io.lettuce.core.RedisBusyException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.XTrimArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.models.stream.PendingMessages;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One shard's stream, as its writer sees it. There is one consumer name for all holders of the shard: a new one finds what
 * the one before had read and not acknowledged. Belongs to one thread.
 */
public final class ShardStream implements AutoCloseable {
    private static final Consumer<String> WRITER = Consumer.from(UsageStreams.GROUP, "writer");

    private final String stream;
    private final String committed;
    private final StatefulRedisConnection<String, byte[]> connection;
    private final RedisCommands<String, byte[]> redis;

    public ShardStream(Redis redis, int shard) {
        this.stream = UsageStreams.stream(shard);
        this.committed = UsageStreams.committed(shard);
        this.connection = redis.connectBytes();
        this.redis = connection.sync();
    }

    /** Makes stream and group when they are not there, from the stream's beginning. */
    public void prepare() {
        try {
            redis.xgroupCreate(StreamOffset.from(stream, "0"), UsageStreams.GROUP, XGroupCreateArgs.Builder.mkstream());
        } catch (RedisBusyException e) {
            return;
        } catch (RedisCommandExecutionException e) {
            if (!String.valueOf(e.getMessage()).startsWith("BUSYGROUP")) {
                throw e;
            }
        }
    }

    /** Entries that were read and not acknowledged, after {@code after}, in order. */
    public List<StreamMessage<String, byte[]>> unacknowledged(String after, int count) {
        return read(StreamOffset.from(stream, after), XReadArgs.Builder.count(count));
    }

    /** Entries that nobody has read; waits for the first at most for {@code patience}. */
    public List<StreamMessage<String, byte[]>> fresh(int count, Duration patience) {
        XReadArgs args = XReadArgs.Builder.count(count);
        return read(StreamOffset.lastConsumed(stream), patience.isZero() ? args : args.block(patience));
    }

    /** @throws StreamLostException when stream or group are gone: Redis has lost its memory */
    @SuppressWarnings("unchecked")
    private List<StreamMessage<String, byte[]>> read(StreamOffset<String> from, XReadArgs args) {
        try {
            return redis.xreadgroup(WRITER, args, from);
        } catch (RedisCommandExecutionException e) {
            if (String.valueOf(e.getMessage()).startsWith("NOGROUP")) {
                throw new StreamLostException(stream, e);
            }
            throw e;
        }
    }

    /** Tells the gateways up to which number each sequence is settled, so that they may forget their segments. */
    public void publish(Map<Sequence, Long> settled) {
        if (settled.isEmpty()) {
            return;
        }
        Map<String, byte[]> fields = new HashMap<>();
        settled.forEach((sequence, upTo) -> fields.put(
                UsageStreams.committedField(
                        sequence.series() == Series.USAGE ? UsageBatch.Kind.USAGE : UsageBatch.Kind.REFUSALS,
                        sequence.producer(),
                        sequence.epoch()),
                Long.toString(upTo).getBytes(StandardCharsets.US_ASCII)));
        redis.hset(committed, fields);
    }

    /** Acknowledges entries; their batch is committed. */
    public void acknowledge(List<String> entries) {
        redis.xack(stream, UsageStreams.GROUP, entries.toArray(String[]::new));
    }

    /** Whether entries were read by somebody and not acknowledged. */
    public boolean hasUnacknowledged() {
        return redis.xpending(stream, UsageStreams.GROUP).getCount() > 0;
    }

    /**
     * Removes every acknowledged entry up to and with {@code last}. One before it that was read and not acknowledged stays,
     * with all that follow it: a writer that was fenced may have taken it along, or an answer to a read was lost.
     *
     * @return whether there are such entries, also after {@code last}
     */
    public boolean trim(String last) {
        PendingMessages unacknowledged = redis.xpending(stream, UsageStreams.GROUP);
        String end = after(last);
        String oldest = unacknowledged.getCount() == 0
                ? null
                : unacknowledged.getMessageIds().getLower().getValue();
        redis.xtrim(stream, XTrimArgs.Builder.minId(oldest != null && isBefore(oldest, end) ? oldest : end));
        return oldest != null;
    }

    private static boolean isBefore(String id, String other) {
        long millis = Long.parseLong(id.substring(0, id.indexOf('-')));
        long otherMillis = Long.parseLong(other.substring(0, other.indexOf('-')));
        return millis != otherMillis
                ? millis < otherMillis
                : Long.parseLong(id.substring(id.indexOf('-') + 1))
                        < Long.parseLong(other.substring(other.indexOf('-') + 1));
    }

    /** Entries in the stream. */
    public long length() {
        return redis.xlen(stream);
    }

    private static String after(String id) {
        int dash = id.indexOf('-');
        return id.substring(0, dash + 1) + (Long.parseLong(id.substring(dash + 1)) + 1);
    }

    @Override
    public void close() {
        connection.close();
    }
}
