package dev.gatehouse.gateway.report;

import dev.gatehouse.gateway.redis.LoopRedis;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.usage.RefusedCall;
import dev.gatehouse.kernel.usage.RefusedCallCodec;
import dev.gatehouse.kernel.usage.UsageStreams;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Puts the refused calls of known callers into Redis, so that somebody who asks why finds an answer: the last
 * {@link UsageStreams#REFUSED_KEPT} of each tenant, for a day. The count of refusals is the ledger's; this is a help, and is
 * dropped while Redis is away. Of a flood the newest {@link #MOST_A_TURN} of a tenant go out each {@link #TURN_MILLIS}, so
 * that it costs the loop and Redis no more than that. Belongs to one event loop.
 */
public final class RefusedCalls {
    static final int MOST_A_TURN = 100;
    static final long TURN_MILLIS = 200;
    private static final int MOST_TENANTS = 500;
    private static final long KEPT_SECONDS = 86_400;

    private final LoopRedis redis;
    private final RefusedCallCodec codec = new RefusedCallCodec();
    private final Map<TenantId, Deque<RefusedCall>> waiting = new HashMap<>();
    private long turnMillis;

    public RefusedCalls(LoopRedis redis) {
        this.redis = redis;
    }

    public void add(RefusedCall call) {
        if (waiting.size() >= MOST_TENANTS && !waiting.containsKey(call.tenant())) {
            return;
        }
        Deque<RefusedCall> calls = waiting.computeIfAbsent(call.tenant(), t -> new ArrayDeque<>());
        if (calls.size() >= MOST_A_TURN) {
            calls.removeFirst();
        }
        calls.addLast(call);
    }

    /** Called often; sends what waits when it is time. */
    public void tick(Instant now) {
        if (!waiting.isEmpty() && now.toEpochMilli() - turnMillis >= TURN_MILLIS) {
            turnMillis = now.toEpochMilli();
            flush();
        }
    }

    /** Sends what waits. */
    public void flush() {
        if (redis.isConnected()) {
            waiting.forEach(this::send);
        }
        waiting.clear();
    }

    private void send(TenantId tenant, Deque<RefusedCall> calls) {
        byte[] list = UsageStreams.refused(tenant).getBytes(StandardCharsets.UTF_8);
        CommandArgs<byte[], byte[]> push = args(list);
        calls.forEach(call -> push.add(codec.encode(call)));
        redis.send(new Command<>(CommandType.LPUSH, new IntegerOutput<>(ByteArrayCodec.INSTANCE), push));
        redis.send(new Command<>(
                CommandType.LTRIM,
                new StatusOutput<>(ByteArrayCodec.INSTANCE),
                args(list).add(0).add(UsageStreams.REFUSED_KEPT - 1)));
        redis.send(new Command<>(
                CommandType.EXPIRE,
                new IntegerOutput<>(ByteArrayCodec.INSTANCE),
                args(list).add(KEPT_SECONDS)));
    }

    private static CommandArgs<byte[], byte[]> args(byte[] key) {
        return new CommandArgs<>(ByteArrayCodec.INSTANCE).addKey(key);
    }
}
