package dev.gatehouse.kernel.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.kernel.time.SettableClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An id")
class PrefixedIdTest {
    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-03T14:02:00Z"));

    @Test
    @DisplayName("sorts by the millisecond it was made in")
    void sorts() {
        String first = PrefixedId.next("tnt", clock);
        clock.advance(Duration.ofMillis(1));
        assertThat(PrefixedId.next("tnt", clock)).isGreaterThan(first);
    }

    @Test
    @DisplayName("says what it names: another prefix, another length or another letter is none")
    void form() {
        String id = PrefixedId.next("tnt", clock);
        assertThat(PrefixedId.isWellFormed("tnt", id)).isTrue();
        assertThat(PrefixedId.isWellFormed("key", id)).isFalse();
        assertThat(PrefixedId.isWellFormed("tnt", id + "0")).isFalse();
        assertThat(PrefixedId.isWellFormed("tnt", id.substring(0, id.length() - 1) + "u"))
                .isFalse();
        assertThatThrownBy(() -> new KeyId(id)).hasMessageContaining("not a key id");
    }

    @Test
    @DisplayName("keeps every bit of its parts")
    void bits() {
        assertThat(PrefixedId.of("x", 0, 0, 0)).isEqualTo("x_00000000000000000000000000");
        assertThat(PrefixedId.of("x", (1L << 48) - 1, -1, -1)).isEqualTo("x_7zzzzzzzzzzzzzzzzzzzzzzzzz");
        assertThat(PrefixedId.of("x", 0, 0, 1)).endsWith("01");
        assertThat(PrefixedId.of("x", 0, 1, 0)).isNotEqualTo(PrefixedId.of("x", 0, 0, 1L << 40));
    }
}
