package dev.gatehouse.directory;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One change that somebody made.
 *
 * @param id rises with time
 * @param operation as in {@code setTenantPlan}
 * @param subject the id or name of what was changed
 * @param tenant the tenant's id; null when it concerns none
 * @param before null when there was nothing
 * @param after null when nothing is left
 */
public record AuditRecord(
        long id,
        Instant at,
        String actor,
        String operation,
        String subject,
        @Nullable String tenant,
        @Nullable String reason,
        @Nullable String requestId,
        @Nullable JsonNode before,
        @Nullable JsonNode after) {}
