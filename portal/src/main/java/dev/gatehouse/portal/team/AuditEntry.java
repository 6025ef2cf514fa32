package dev.gatehouse.portal.team;

import java.time.Instant;

/**
 * What somebody did.
 *
 * @param actor a mail address
 * @param action as in {@code key.create}
 * @param subject what it was done to
 * @param address where from
 */
public record AuditEntry(Instant at, String actor, String action, String subject, String address) {}
