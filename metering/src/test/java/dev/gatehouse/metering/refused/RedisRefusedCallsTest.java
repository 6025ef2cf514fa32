package dev.gatehouse.metering.refused;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.kernel.usage.AdmissionRecord;
import dev.gatehouse.kernel.usage.RefusedCall;
import dev.gatehouse.kernel.usage.RefusedCallCodec;
import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.metering.UsageSamples;
import dev.gatehouse.runtime.redis.Redis;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Refused calls in Redis")
final class RedisRefusedCallsTest {
    private static final TenantId OWN = UsageSamples.tenant(701);
    private static final TenantId OTHER = UsageSamples.tenant(702);
    private Redis redis;
    private StatefulRedisConnection<String, byte[]> bytes;
    private RedisRefusedCalls calls;

    @BeforeEach
    void open() {
        redis = Redis.connect(EnginesForTests.redis());
        bytes = redis.connectBytes();
        redis.commands().del(UsageStreams.refused(OWN), UsageStreams.refused(OTHER));
        calls = new RedisRefusedCalls(redis);
    }

    @AfterEach
    void close() {
        calls.close();
        bytes.close();
        redis.close();
    }

    @Test
    @DisplayName("are found by our id and by the client's, by their own tenant only, with every word as it was written")
    void found() {
        RefusedCall known = call(OWN, "req_1", "mine-1", 10);
        write(known);
        assertThat(calls.find(OWN, "req_1")).contains(known);
        assertThat(calls.find(OWN, "mine-1")).contains(known);
        assertThat(calls.find(OTHER, "req_1")).isEmpty();
        assertThat(calls.find(OTHER, "mine-1")).isEmpty();
        assertThat(calls.find(OWN, "req_2")).isEmpty();
    }

    @Test
    @DisplayName("come with the newest first, though gateways write side by side; one of another tenant is passed over")
    void last() {
        write(call(OWN, "req_late", null, 30));
        write(call(OWN, "req_early", null, 10));
        bytes.sync().lpush(UsageStreams.refused(OWN), new RefusedCallCodec().encode(call(OTHER, "req_else", null, 40)));
        assertThat(calls.last(OWN, 10)).extracting(RefusedCall::requestId).containsExactly("req_late", "req_early");
    }

    @Test
    @DisplayName("with texts of any length and any script fit into their frame")
    void longest() throws Exception {
        String long2 = "é€".repeat(2_000);
        RefusedCall call = new RefusedCall(
                OWN,
                UsageSamples.key(1),
                Instant.ofEpochMilli(5),
                long2,
                long2,
                long2,
                429,
                long2,
                long2,
                long2,
                long2,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                new Limits(Limits.MAX, Limits.MAX, Limits.MAX),
                new AdmissionRecord(Long.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE, true));
        RefusedCall read = RefusedCallCodec.decode(new RefusedCallCodec().encode(call));
        assertThat(long2).startsWith(read.path());
        assertThat(read.path()).hasSize(256);
        assertThat(read.levels()).isEqualTo(call.levels());
    }

    private void write(RefusedCall call) {
        bytes.sync().lpush(UsageStreams.refused(call.tenant()), new RefusedCallCodec().encode(call));
    }

    private static RefusedCall call(TenantId tenant, String id, @Nullable String own, long second) {
        return new RefusedCall(
                tenant,
                UsageSamples.key(1),
                Instant.ofEpochSecond(second),
                id,
                own,
                "rate_limited",
                429,
                "The bucket is empty. Wait 1 s.",
                "GET",
                "/v2/listings",
                "searchListings",
                1,
                1,
                new Limits(1_000, 60, 60),
                new AdmissionRecord(500, 500, 12, 12, false));
    }
}
