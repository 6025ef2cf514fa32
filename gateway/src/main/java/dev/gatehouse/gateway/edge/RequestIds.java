package dev.gatehouse.gateway.edge;

import dev.gatehouse.gateway.report.KeyMask;
import dev.gatehouse.kernel.id.PrefixedId;
import java.security.SecureRandom;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/** Makes request ids on one event loop. They are unique and sort by time; they are no secret. */
final class RequestIds {
    private static final int LONGEST = 64;

    private final RandomGenerator chance;

    RequestIds() {
        chance = RandomGeneratorFactory.of("L64X128MixRandom").create(new SecureRandom().nextLong());
    }

    String next(long nowMillis) {
        return PrefixedId.of("req", nowMillis, chance.nextLong(), chance.nextLong());
    }

    /** What the client sent when it is 1-64 of {@code [A-Za-z0-9_-]} and no key; null otherwise. */
    static @Nullable String wellFormed(@Nullable String sent) {
        if (sent == null || sent.isEmpty() || sent.length() > LONGEST || KeyMask.isIn(sent)) {
            // one that looks like a key is not written into logs
            return null;
        }
        for (int i = 0; i < sent.length(); i++) {
            char c = sent.charAt(i);
            boolean good =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
            if (!good) {
                return null;
            }
        }
        return sent;
    }
}
