package dev.gatehouse.gateway.turn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A pool's limit of concurrency")
class AdaptiveLimitTest {
    private static final double MILLI = 1e6;

    private final AdaptiveLimit limit = new AdaptiveLimit();

    @Test
    @DisplayName("finds what a service bears, whatever it starts from, and stays there")
    void finds() {
        // a service that works on 24 calls at a time, 20 ms each; more of them wait inside it
        int lowest = Integer.MAX_VALUE;
        int highest = 0;
        for (int window = 0; window < 600; window++) {
            int inFlight = limit.value();
            double took = 20 * MILLI * Math.max(1, inFlight / 24.0);
            limit.adapt(100, 100 * took, 100 * 20 * MILLI, inFlight, 0);
            if (window > 100) {
                lowest = Math.min(lowest, limit.value());
                highest = Math.max(highest, limit.value());
            }
        }
        assertThat(lowest).isGreaterThan(24);
        assertThat(highest).isLessThan(3 * 24);
    }

    @Test
    @DisplayName("does not move for a mixture of slow and fast operations, or while nobody needs more")
    void steady() {
        for (int window = 0; window < 100; window++) {
            limit.adapt(50, 50 * 300 * MILLI, 50 * 290 * MILLI, 10, 0);
        }
        assertThat(limit.value()).isEqualTo(AdaptiveLimit.FIRST);
    }

    @Test
    @DisplayName("gives way to failures down to its least, and grows again when they end")
    void failures() {
        for (int window = 0; window < 100; window++) {
            limit.adapt(0, 0, 0, limit.value(), 3);
        }
        assertThat(limit.value()).isEqualTo(AdaptiveLimit.LEAST);
        for (int window = 0; window < 200; window++) {
            limit.adapt(10, 10 * MILLI, 10 * MILLI, limit.value(), 0);
        }
        assertThat(limit.value()).isGreaterThan(AdaptiveLimit.FIRST);
    }

    @Test
    @DisplayName("believes a longer time only of a pool at ease")
    void pace() {
        Pace pace = new Pace();
        pace.add(1_000_000);
        pace.next(PoolState.AT_EASE);
        for (int i = 0; i < 1_000; i++) {
            pace.add(50_000_000);
            assertThat(pace.next(PoolState.BUSY).usualNanos()).isEqualTo(1_000_000);
        }
        for (int i = 0; i < 1_000; i++) {
            pace.add(50_000_000);
            pace.next(PoolState.AT_EASE);
        }
        pace.add(50_000_000);
        assertThat(pace.next(PoolState.AT_EASE).usualNanos()).isBetween(49e6, 50e6);
    }
}
