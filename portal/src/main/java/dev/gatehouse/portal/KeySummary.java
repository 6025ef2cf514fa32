package dev.gatehouse.portal;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.key.KeyMode;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key as its tenant's members see it, never its text.
 *
 * @param prefix what may be shown of it, as in {@code gate_live_4fQz8K}
 * @param expiresAt null for never
 * @param revokedAt null while it is not
 */
public record KeySummary(
        KeyId id,
        String name,
        String prefix,
        KeyMode mode,
        Set<String> scopes,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt,
        List<String> allowedAddresses,
        @Nullable Integer quotaPercent) {
    public KeySummary {
        scopes = Set.copyOf(scopes);
        allowedAddresses = List.copyOf(allowedAddresses);
    }

    public boolean worksAt(Instant now) {
        return revokedAt == null && (expiresAt == null || now.isBefore(expiresAt));
    }
}
