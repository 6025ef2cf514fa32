package dev.gatehouse.gateway.turn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A pool's limit of concurrency")
class AdaptiveLimitTest {
    private final AdaptiveLimit limit = new AdaptiveLimit();

    @Test
    @DisplayName("does not fall for what a single tenant says, or while anybody's calls are as usual")
    void oneVoice() {
        for (int window = 0; window < 100; window++) {
            limit.adapt(1, 0, 0, limit.value());
        }
        assertThat(limit.value()).isEqualTo(AdaptiveLimit.FIRST);
        for (int window = 0; window < 100; window++) {
            limit.adapt(50, 1, 0, 10);
        }
        assertThat(limit.value()).isEqualTo(AdaptiveLimit.FIRST);
    }

    @Test
    @DisplayName(
            "falls when all of several tenants are unwell, to its least and no lower than was shown, and grows again")
    void falls() {
        for (int window = 0; window < 100; window++) {
            limit.adapt(2, 0, 40.2, limit.value());
        }
        assertThat(limit.value()).isEqualTo(41);
        for (int window = 0; window < 100; window++) {
            limit.adapt(3, 0, 0, limit.value());
        }
        assertThat(limit.value()).isEqualTo(AdaptiveLimit.LEAST);
        for (int window = 0; window < 200; window++) {
            limit.adapt(0, 1, 0, limit.value());
        }
        assertThat(limit.value()).isGreaterThan(AdaptiveLimit.FIRST);
    }

    @Test
    @DisplayName("does not move while nobody needs more")
    void steady() {
        for (int window = 0; window < 100; window++) {
            limit.adapt(0, 3, 10, 10);
        }
        assertThat(limit.value()).isEqualTo(AdaptiveLimit.FIRST);
    }
}
