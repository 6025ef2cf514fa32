package dev.gatehouse.webhooks.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.webhooks.Shares;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final Limits LIMITS = new Limits(100, 10, 64, 4, Duration.ofSeconds(2));

    private final AtomicLong nanos = new AtomicLong();
    private final Turns turns = new Turns(LIMITS, Shares.EQUAL, () -> nanos.get());
    private final TenantId big = TenantId.next(InstantSource.system());
    private final TenantId small = TenantId.next(InstantSource.system());

    private Turns.Turn next() throws InterruptedException {
        return turns.next().orElseThrow();
    }

    /** Claims all that the turn allows, as an endpoint with a backlog does. */
    private void take(Turns.Turn turn) {
        turns.claimed(turn, turn.room());
    }

    @Test
    @DisplayName("tenants take turns, however many endpoints with backlogs one of them has")
    void tenantsTakeTurns() throws Exception {
        for (int i = 0; i < 5; i++) {
            turns.wake("big" + i, big);
        }
        turns.wake("small", small);
        List<TenantId> order = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Turns.Turn turn = next();
            order.add(turn.lane().tenant);
            take(turn);
        }
        assertThat(order).containsExactly(big, small);
    }

    @Test
    @DisplayName("an endpoint never has more in flight than its cap, and goes on when attempts come back")
    void cap() throws Exception {
        turns.wake("one", big);
        Turns.Turn first = next();
        assertThat(first.room()).isEqualTo(Turns.CHUNK);
        take(first);
        Turns.Turn second = next();
        assertThat(second.room()).isEqualTo(LIMITS.perEndpoint() - Turns.CHUNK);
        take(second);
        assertThat(turns.inFlight()).isEqualTo(LIMITS.perEndpoint());
        for (int i = 0; i < Turns.CHUNK; i++) {
            turns.tried(first.lane(), 1_000_000, true);
        }
        assertThat(next().lane().endpoint).isEqualTo("one");
    }

    @Test
    @DisplayName("slow endpoints share a part of the whole, so that a quick one finds room at once")
    void slowLane() throws Exception {
        for (int i = 0; i < 10; i++) {
            turns.wake("slow" + i, big);
            Turns.Turn turn = next();
            turns.claimed(turn, 1);
            turns.tried(turn.lane(), Duration.ofSeconds(14).toNanos(), true);
        }
        for (int i = 0; i < 10; i++) {
            turns.wake("slow" + i, big);
        }
        int slow = 0;
        while (slow < LIMITS.slow()) {
            Turns.Turn turn = next();
            assertThat(turn.room()).isLessThanOrEqualTo(LIMITS.perSlowEndpoint());
            slow += turn.room();
            take(turn);
        }
        assertThat(slow).isEqualTo(LIMITS.slow());
        turns.wake("quick", small);
        assertThat(next().lane().endpoint).isEqualTo("quick");
    }

    @Test
    @DisplayName("a tenant of weight 3 gets three times as much in its turn")
    void weights() throws Exception {
        Turns weighted = new Turns(
                new Limits(1_000, 100, 200, 8, Duration.ofSeconds(2)),
                tenant -> new Shares.Share(tenant.equals(big) ? 3 : 1, 1_000),
                nanos::get);
        weighted.wake("big", big);
        weighted.wake("small", small);
        assertThat(weighted.next().orElseThrow().room()).isEqualTo(3 * Turns.CHUNK);
        assertThat(weighted.next().orElseThrow().room()).isEqualTo(Turns.CHUNK);
    }

    @Test
    @DisplayName("a tenant begins no more a second than its rate, and what it could not claim costs it nothing")
    void rate() throws Exception {
        Turns limited = new Turns(LIMITS, tenant -> new Shares.Share(1, 10), nanos::get);
        limited.wake("one", big);
        Turns.Turn first = limited.next().orElseThrow();
        assertThat(first.room()).isEqualTo(10);
        limited.claimed(first, 10);
        limited.wake("one", big);
        limited.wake("other", small);
        assertThat(limited.next().orElseThrow().lane().endpoint).isEqualTo("other");
        nanos.addAndGet(Duration.ofMillis(300).toNanos());
        Turns.Turn second = limited.next().orElseThrow();
        assertThat(second.lane().endpoint).isEqualTo("one");
        assertThat(second.room()).isEqualTo(3);
        limited.claimed(second, 1);
        limited.wake("one", big);
        assertThat(limited.next().orElseThrow().room()).isEqualTo(2);
    }

    @Test
    @DisplayName("after a recovery an endpoint begins with one at a time and grows with each success")
    void ramp() throws Exception {
        turns.wake("one", big);
        turns.claimed(next(), 0);
        turns.ramp("one");
        turns.wake("one", big);
        Turns.Turn first = next();
        assertThat(first.room()).isEqualTo(1);
        take(first);
        turns.tried(first.lane(), 1_000_000, true);
        assertThat(next().room()).isEqualTo(2);
    }
}
