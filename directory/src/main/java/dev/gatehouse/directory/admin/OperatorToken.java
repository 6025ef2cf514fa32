package dev.gatehouse.directory.admin;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An operator token without its text.
 *
 * @param id {@code otk_…}
 * @param prefix what may be shown of it
 * @param expiresAt the first instant at which it is refused; null for never
 */
public record OperatorToken(
        String id,
        String name,
        OperatorRole role,
        String prefix,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt) {

    public boolean isValid(Instant now) {
        return revokedAt == null && (expiresAt == null || now.isBefore(expiresAt));
    }
}
