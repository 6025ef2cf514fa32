package dev.gatehouse.webhooks.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.kernel.id.TenantId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final Limits LIMITS = new Limits(100, 10, 64, 4, Duration.ofSeconds(2));

    private final Turns turns = new Turns(LIMITS);
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
