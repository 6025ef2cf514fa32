package dev.gatehouse.metering.refused;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.usage.MalformedUsageException;
import dev.gatehouse.kernel.usage.RefusedCall;
import dev.gatehouse.kernel.usage.RefusedCallCodec;
import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.metering.RefusedCalls;
import dev.gatehouse.runtime.redis.Redis;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the lists that gateways keep in Redis. While Redis is away they look empty. */
public final class RedisRefusedCalls implements RefusedCalls, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisRefusedCalls.class);

    private final StatefulRedisConnection<String, byte[]> connection;

    public RedisRefusedCalls(Redis redis) {
        this.connection = redis.connectBytes();
    }

    @Override
    public Optional<RefusedCall> find(TenantId tenant, String id) {
        List<RefusedCall> calls = read(tenant, UsageStreams.REFUSED_KEPT);
        return calls.stream()
                .filter(call -> call.requestId().equals(id))
                .findFirst()
                .or(() -> calls.stream()
                        .filter(call -> id.equals(call.clientRequestId()))
                        .findFirst());
    }

    @Override
    public List<RefusedCall> last(TenantId tenant, int limit) {
        return read(tenant, limit);
    }

    /** The event loops of the gateways write side by side, so the list is in order only nearly. */
    private List<RefusedCall> read(TenantId tenant, int limit) {
        List<RefusedCall> calls = new ArrayList<>();
        try {
            for (byte[] frame : connection.sync().lrange(UsageStreams.refused(tenant), 0, limit - 1L)) {
                RefusedCall call = RefusedCallCodec.decode(frame);
                if (call.tenant().equals(tenant)) {
                    calls.add(call);
                }
            }
        } catch (RedisException e) {
            LOG.warn("Refused calls cannot be read: {}", e.toString());
        } catch (MalformedUsageException e) {
            LOG.error("A refused call of {} cannot be read", tenant, e);
        }
        calls.sort(Comparator.comparing(RefusedCall::at).reversed());
        return calls;
    }

    @Override
    public void close() {
        connection.close();
    }
}
