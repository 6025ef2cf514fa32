package dev.gatehouse.portal.team;

import dev.gatehouse.kernel.id.TenantId;
import java.time.Instant;

/**
 * A place that waits for somebody.
 *
 * @param id {@code ivt_…}: names it on the page, opens nothing
 */
public record Invitation(String id, TenantId tenant, String mail, Role role, String invitedBy, Instant expiresAt) {}
