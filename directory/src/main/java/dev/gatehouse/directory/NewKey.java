package dev.gatehouse.directory;

import dev.gatehouse.kernel.key.KeyMode;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key to be made.
 *
 * @param scopes services that it may call; {@code *} means all
 * @param expiresAt the first instant at which it is refused; null for never
 * @param allowedAddresses addresses and CIDR ranges; empty for any
 * @param quotaPercent its share of the tenant's daily quota, 1 to 100; null for all of it
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

    /** A key for all services, from anywhere, without end. */
    public static NewKey of(String name, KeyMode mode) {
        return new NewKey(name, mode, Set.of("*"), null, List.of(), null);
    }
}
