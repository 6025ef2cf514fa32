package dev.gatehouse.kernel.identity;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.time.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A sealed identity")
class IdentitySealTest {
    private static final SealedCall CALL = new SealedCall("GET", "/v2/listings?city=Toledo");

    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-03T14:02:00Z"));
    private final InternalSecrets secrets = new InternalSecrets("a secret of thirty-two bytes, yes".getBytes(UTF_8));
    private final IdentitySeal seal = new IdentitySeal(secrets, "listings");
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
        assertThat(seal.open(seal.seal(caller, CALL), clock.instant(), CALL)).contains(caller);
        assertThat(seal.copy().open(seal.seal(caller, CALL), clock.instant(), CALL))
                .contains(caller);
    }

    @Test
    @DisplayName("does not open when any one character was changed, or under another secret")
    void forged() {
        String sealed = seal.seal(caller, CALL);
        for (int i = 0; i < sealed.length() - 1; i++) {
            char other = sealed.charAt(i) == 'a' ? 'b' : 'a';
            assertThat(seal.open(sealed.substring(0, i) + other + sealed.substring(i + 1), clock.instant(), CALL))
                    .as("character " + i)
                    .isEmpty();
        }
        InternalSecrets others = new InternalSecrets("another secret of 32 bytes, mind you".getBytes(UTF_8));
        assertThat(new IdentitySeal(others, "listings").open(sealed, clock.instant(), CALL))
                .isEmpty();
    }

    @Test
    @DisplayName("of a test key does not open as a live one")
    void mode() {
        String sealed = seal.seal(caller, CALL);
        assertThat(seal.open(sealed, clock.instant(), CALL).orElseThrow().mode())
                .isEqualTo(KeyMode.TEST);
        assertThat(seal.open(sealed.replace("|test|", "|live|"), clock.instant(), CALL))
                .isEmpty();
    }

    @Test
    @DisplayName("opens no other call: not another method, path, query, or a part of the target in another place")
    void otherCalls() {
        String sealed = seal.seal(caller, CALL);
        for (SealedCall other : List.of(
                new SealedCall("POST", CALL.target()),
                new SealedCall("get", CALL.target()),
                new SealedCall("GET", "/v2/listings"),
                new SealedCall("GET", "/v2/listings?city=toledo"),
                new SealedCall("GET", CALL.target() + "&limit=1"),
                new SealedCall("GET", "/v2/listings/?city=Toledo"),
                new SealedCall("GET", "//v2/listings?city=Toledo"),
                new SealedCall("GET\n/v2", "/listings?city=Toledo"),
                new SealedCall("", "GET\n" + CALL.target()))) {
            assertThat(seal.open(sealed, clock.instant(), other))
                    .as(other.toString())
                    .isEmpty();
        }
    }

    @Test
    @DisplayName("opens at no other service, whatever the names have in common")
    void otherServices() {
        String sealed = seal.seal(caller, CALL);
        for (String other : List.of("webhooks", "listing", "listingss", "Listings", "")) {
            assertThat(new IdentitySeal(secrets, other).open(sealed, clock.instant(), CALL))
                    .as(other)
                    .isEmpty();
        }
    }

    @Test
    @DisplayName("opens to no token of an operator's own service, nor one signed with such a service's secret")
    void tokens() {
        for (String route : List.of("listings", "mine")) {
            CallerToken token = new CallerToken(route, "rks_1", secrets.routeSecret(route, "rks_1"));
            String made = token.seal(
                    CallerSubject.of(caller), "req_1", clock.instant().getEpochSecond(), CALL);
            assertThat(seal.open(made, clock.instant(), CALL)).as(route).isEmpty();
        }
    }

    @Test
    @DisplayName("holds for half a minute, and not before it was made")
    void shortLived() {
        String sealed = seal.seal(caller, CALL);
        Instant now = clock.instant();
        assertThat(seal.open(sealed, now.plus(IdentitySeal.LIFETIME), CALL)).isPresent();
        assertThat(seal.open(sealed, now.plus(Duration.ofSeconds(31)), CALL)).isEmpty();
        assertThat(seal.open(sealed, now.minus(Duration.ofSeconds(5)), CALL)).isPresent();
        assertThat(seal.open(sealed, now.minus(Duration.ofSeconds(6)), CALL)).isEmpty();
    }

    @Test
    @DisplayName("is opened or not, but never throws, whatever the header holds")
    void anything() {
        long chance = new Random().nextLong();
        System.out.println("seed " + chance);
        Random random = new Random(chance);
        String sealed = seal.seal(caller, CALL);
        for (String header : List.of("", ".", "|", "|||||||||.", ".a", "a.", "\n.", "é.é", "x".repeat(100_000))) {
            assertThat(seal.open(header, clock.instant(), CALL)).isEmpty();
        }
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(sealed);
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, (char) random.nextInt(0x180));
                    case 1 -> text.insert(at, "|.,\n".charAt(random.nextInt(4)));
                    default -> text.delete(at, Math.min(text.length(), at + random.nextInt(60)));
                }
                if (text.isEmpty()) {
                    break;
                }
            }
            String header = text.toString();
            assertThatCode(() -> seal.open(header, clock.instant(), CALL)).doesNotThrowAnyException();
        }
    }

    @Test
    @DisplayName("whose parts are sealed rightly but mean nothing is no identity")
    void meaningless() {
        Instant now = clock.instant();
        for (CallerSubject subject : List.of(
                new CallerSubject("a|b|c|d|e|f|g", ""),
                new CallerSubject("|||||||||||", ""),
                new CallerSubject(CallerSubject.of(caller).text().replace("test", "TOP"), ""))) {
            assertThat(seal.open(seal.seal(subject, "req_1", now.getEpochSecond(), CALL), now, CALL))
                    .isEmpty();
        }
        for (long when : new long[] {Long.MAX_VALUE, Long.MIN_VALUE, 0}) {
            assertThat(seal.open(seal.seal(CallerSubject.of(caller), "req_1", when, CALL), now, CALL))
                    .isEmpty();
        }
    }
}
