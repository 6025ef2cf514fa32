package dev.gatehouse.webhooks.delivery;

import dev.gatehouse.kernel.id.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * A claimed delivery.
 *
 * @param claim who holds it; its result counts only under this claim
 * @param attempts that counted so far
 * @param order what it must not overtake another about; null when it may overtake any
 */
public record Due(
        String id,
        TenantId tenant,
        String endpoint,
        String claim,
        String message,
        int attempts,
        String payload,
        @Nullable String order) {}
