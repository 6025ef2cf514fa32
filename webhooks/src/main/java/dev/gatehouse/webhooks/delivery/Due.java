package dev.gatehouse.webhooks.delivery;

import dev.gatehouse.kernel.id.TenantId;

/**
 * A claimed delivery.
 *
 * @param claim who holds it; its result counts only under this claim
 * @param attempts that counted so far
 */
public record Due(
        String id, TenantId tenant, String endpoint, String claim, String message, int attempts, String payload) {}
