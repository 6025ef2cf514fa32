package dev.gatehouse.kernel.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.time.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A sealed identity")
class IdentitySealTest {
    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-03T14:02:00Z"));
    private final IdentitySeal seal = new IdentitySeal("a secret of thirty-two bytes, yes".getBytes(UTF_8));
    private final CallerIdentity caller = new CallerIdentity(
            TenantId.next(clock),
            "acme-corp",
            "growth",
            KeyId.next(clock),
            KeyMode.TEST,
            Set.of("listings", "history"),
            Set.of(),
            "req_1",
            clock.instant());

    @Test
    @DisplayName("opens to what was sealed")
    void roundTrip() {
        assertThat(seal.open(seal.seal(caller), clock.instant())).contains(caller);
    }

    @Test
    @DisplayName("does not open when one character was changed, or under another secret")
    void forged() {
        String sealed = seal.seal(caller);
        for (int i = 0; i < sealed.length(); i += 7) {
            char other = sealed.charAt(i) == 'a' ? 'b' : 'a';
            assertThat(seal.open(sealed.substring(0, i) + other + sealed.substring(i + 1), clock.instant()))
                    .as("character " + i)
                    .isEmpty();
        }
        assertThat(new IdentitySeal("another secret of 32 bytes, mind you".getBytes(UTF_8))
                        .open(sealed, clock.instant()))
                .isEmpty();
        assertThat(seal.open("", clock.instant())).isEmpty();
    }

    @Test
    @DisplayName("holds for a minute, and not before it was made")
    void shortLived() {
        String sealed = seal.seal(caller);
        assertThat(seal.open(sealed, clock.instant().plus(IdentitySeal.LIFETIME)))
                .isPresent();
        assertThat(seal.open(sealed, clock.instant().plus(Duration.ofSeconds(61))))
                .isEmpty();
        assertThat(seal.open(sealed, clock.instant().minus(Duration.ofSeconds(6))))
                .isEmpty();
    }
}
