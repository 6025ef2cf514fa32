package dev.gatehouse.kernel.identity;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import java.time.Instant;
import java.util.Set;

/**
 * Who calls, as the gateway tells a service.
 *
 * @param fields field groups of the caller's plan; {@code *} means all
 * @param requestId the id that goes into the service's log lines and SQL comments
 * @param issuedAt when the gateway signed it, whole seconds
 */
public record CallerIdentity(
        TenantId tenant,
        String slug,
        String plan,
        KeyId key,
        KeyMode mode,
        Set<String> scopes,
        Set<String> fields,
        String requestId,
        Instant issuedAt) {

    public CallerIdentity {
        scopes = Set.copyOf(scopes);
        fields = Set.copyOf(fields);
    }

    public boolean hasField(String group) {
        return fields.contains("*") || fields.contains(group);
    }
}
