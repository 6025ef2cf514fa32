package dev.gatehouse.sdk.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A call that did not succeed")
class RetryPolicyTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private final RetryPolicy policy = RetryPolicy.usual();
    private final Random chance = new Random(5);

    @Test
    @DisplayName("is made again after at least what Retry-After says, and not by all at once")
    void honoursRetryAfter() {
        List<Duration> waits = IntStream.range(0, 200)
                .mapToObj(i -> policy.afterAnswer(1, 429, Optional.of(Duration.ofSeconds(10)), chance)
                        .orElseThrow())
                .toList();
        assertThat(waits)
                .allSatisfy(wait -> assertThat(wait)
                        .isGreaterThan(Duration.ofSeconds(10))
                        .isLessThanOrEqualTo(Duration.ofMillis(11_001)));
        assertThat(waits.stream().distinct().count()).isGreaterThan(100);
    }

    @Test
    @DisplayName("is not made again when Retry-After asks for more patience than there is, as after the day's quota")
    void impatient() {
        assertThat(policy.afterAnswer(1, 429, Optional.of(Duration.ofHours(9)), chance))
                .isEmpty();
    }

    @Test
    @DisplayName("is made again after a wait that grows and has a bound, when nothing was said")
    void backsOff() {
        for (int made = 1; made < 4; made++) {
            Duration bound = Duration.ofMillis(200L << (made - 1));
            int attempt = made;
            assertThat(IntStream.range(0, 200)
                            .mapToObj(i -> policy.afterAnswer(attempt, 503, Optional.empty(), chance)
                                    .orElseThrow()))
                    .allSatisfy(wait -> assertThat(wait).isLessThan(bound));
        }
        RetryPolicy long1 = new RetryPolicy(100, Duration.ofMillis(200), Duration.ofSeconds(10), Duration.ofMinutes(1));
        assertThat(long1.afterFailure(99, chance).orElseThrow()).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    @DisplayName("is made four times at the most, and not again when it can only fail again")
    void ends() {
        assertThat(policy.afterAnswer(4, 503, Optional.empty(), chance)).isEmpty();
        assertThat(policy.afterFailure(4, chance)).isEmpty();
        for (int status : List.of(400, 401, 403, 404, 409, 422, 500)) {
            assertThat(policy.afterAnswer(1, status, Optional.empty(), chance)).isEmpty();
        }
        assertThat(RetryPolicy.never().afterFailure(1, chance)).isEmpty();
    }

    @Test
    @DisplayName("reads Retry-After as seconds or as a date")
    void reads() {
        assertThat(RetryPolicy.retryAfter("120", NOW)).hasValue(Duration.ofMinutes(2));
        assertThat(RetryPolicy.retryAfter("Sun, 01 Mar 2026 12:00:30 GMT", NOW)).hasValue(Duration.ofSeconds(30));
        assertThat(RetryPolicy.retryAfter("Sun, 01 Mar 2026 11:00:00 GMT", NOW)).hasValue(Duration.ZERO);
        assertThat(RetryPolicy.retryAfter("soon", NOW)).isEmpty();
    }
}
