package dev.gatehouse.portal;

import dev.gatehouse.kernel.key.KeyMode;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key that is asked for.
 *
 * @param name what its people call it
 * @param scopes services it may call; {@code *} means all
 * @param expiresAt null for never
 * @param allowedAddresses addresses and CIDR ranges; empty for any
 * @param quotaPercent its share of the daily quota, 1 to 100; null for all of it
 */
public record NewKey(
        String name,
        KeyMode mode,
        Set<String> scopes,
        @Nullable Instant expiresAt,
        List<String> allowedAddresses,
        @Nullable Integer quotaPercent) {
    public NewKey {
        scopes = Set.copyOf(scopes);
        allowedAddresses = List.copyOf(allowedAddresses);
    }

    /** A key that may do what its tenant may. */
    public static NewKey named(String name, KeyMode mode) {
        return new NewKey(name, mode, Set.of("*"), null, List.of(), null);
    }
}
