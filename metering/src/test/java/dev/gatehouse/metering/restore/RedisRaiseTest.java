package dev.gatehouse.metering.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.metering.store.LedgerCounts.TenantSplit;
import dev.gatehouse.runtime.redis.Redis;
import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A Redis that has forgotten")
final class RedisRaiseTest {
    private final LocalDate today = LocalDate.now(ZoneOffset.UTC);
    private final TenantId tenant = TenantId.next(InstantSource.system());
    private Redis redis;
    private StatefulRedisConnection<String, byte[]> bytes;
    private RedisRaise raise;

    @BeforeEach
    void start() {
        redis = Redis.connect(EnginesForTests.redis());
        bytes = redis.connectBytes();
        raise = new RedisRaise(redis);
    }

    @AfterEach
    void stop() {
        bytes.close();
        redis.close();
    }

    @Test
    @DisplayName("is given back quota, the keys' shares and counters from the ledger; doing it again changes nothing")
    void gone() {
        assertThat(raise.raise(today, splits())).isPositive();
        assertThat(levels()[2]).isEqualTo(70);
        assertThat(levels()[0]).as("the bucket is not touched").isZero();
        assertThat(levels()[3]).isEqualTo(today.toEpochDay());
        assertThat(numbers(UsageStreams.share(tenant, "key_a"))[0]).isEqualTo(50);
        assertThat(redis.commands().hget(UsageStreams.counters(tenant, today), "calls"))
                .isEqualTo("7");
        assertThat(redis.commands()
                        .hget(UsageStreams.counters(tenant, today), UsageStreams.operationUnits("getListing")))
                .isEqualTo("40");
        assertThat(redis.commands().ttl(UsageStreams.levels(tenant))).isPositive();
        assertThat(raise.raise(today, splits())).isZero();
    }

    @Test
    @DisplayName("keeps what it knows better, and its burst bucket")
    void more() {
        levels(123, 1_000_000, 90, today.toEpochDay());
        redis.commands().hset(UsageStreams.counters(tenant, today), "calls", "9");
        raise.raise(today, splits());
        assertThat(levels()).containsExactly(123, 1_000_000, 90, today.toEpochDay());
        assertThat(redis.commands().hget(UsageStreams.counters(tenant, today), "calls"))
                .isEqualTo("9");
    }

    @Test
    @DisplayName("is not given yesterday's usage as today's")
    void days() {
        LocalDate yesterday = today.minusDays(1);
        raise.raise(yesterday, splits());
        assertThat(bytes.sync().get(UsageStreams.levels(tenant))).isNull();
        levels(5, 1_000_000, 3, yesterday.toEpochDay());
        raise.raise(today, splits());
        assertThat(levels()).containsExactly(5, 1_000_000, 70, today.toEpochDay());
        raise.raise(yesterday, splits());
        assertThat(levels()[3]).isEqualTo(today.toEpochDay());
    }

    private List<TenantSplit> splits() {
        return List.of(
                new TenantSplit(tenant, "key_a", "listListings", 2, 10),
                new TenantSplit(tenant, "key_a", "getListing", 4, 40),
                new TenantSplit(tenant, "key_b", "listListings", 1, 20));
    }

    private double[] levels() {
        return numbers(UsageStreams.levels(tenant));
    }

    private double[] numbers(String key) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes.sync().get(key)).order(ByteOrder.LITTLE_ENDIAN);
        double[] numbers = new double[buffer.remaining() / Double.BYTES];
        buffer.asDoubleBuffer().get(numbers);
        return numbers;
    }

    private void levels(double used, double stamp, double quota, double day) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putDouble(used).putDouble(stamp).putDouble(quota).putDouble(day);
        bytes.sync().set(UsageStreams.levels(tenant), buffer.array());
    }
}
