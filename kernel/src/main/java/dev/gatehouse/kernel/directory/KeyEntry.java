package dev.gatehouse.kernel.directory;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key as a gateway needs it. Keys are never removed from the directory, so that a revoked one is told apart from an
 * unknown one.
 *
 * @param hash SHA-256 of the key, 64 lower-case hexadecimal digits
 * @param prefix what may be shown of it
 * @param scopes services the key may call; {@code *} means all
 * @param expiresAt the first instant at which it is refused; null for never
 * @param revokedAt when it was revoked; null while it is not
 * @param allowedAddresses addresses and CIDR ranges it may be used from; empty for any
 * @param quotaPercent its share of the tenant's daily quota, 1 to 100; null for all of it
 * @param version the directory's version at the entry's last change
 */
public record KeyEntry(
        KeyId id,
        TenantId tenant,
        String hash,
        String prefix,
        KeyMode mode,
        Set<String> scopes,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt,
        List<String> allowedAddresses,
        @Nullable Integer quotaPercent,
        long version) {

    public KeyEntry {
        scopes = Set.copyOf(scopes);
        allowedAddresses = List.copyOf(allowedAddresses);
    }
}
