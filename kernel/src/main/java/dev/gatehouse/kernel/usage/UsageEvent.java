package dev.gatehouse.kernel.usage;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One admitted call. Unique by {@code (producer, epoch, seq)}, where seq is dense from 1 within an epoch.
 *
 * @param id {@code evt_…}, sorts by time
 * @param at the instant of admission, Redis's clock unless degraded, microseconds
 * @param operation the description's operation id
 * @param version the API version, as in {@code v2}
 * @param cost the settled cost in units
 * @param charged units that remain charged to the quota
 * @param billable whether rating may price it
 * @param requestBytes body bytes received
 * @param responseBytes body bytes sent
 * @param upstreamMicros from the request's hand-over to the service to the response's head; 0 when none was asked
 * @param totalMicros from the request's head to the answer's last byte
 * @param requestId the gateway's own id
 * @param clientRequestId the client's well-formed {@code X-Request-ID}; null when it sent none
 * @param upstream the target that answered; null when none did
 * @param parameters names of the query parameters that the request used
 * @param fields what {@code select} named
 */
public record UsageEvent(
        String producer,
        long epoch,
        long seq,
        String id,
        Instant at,
        TenantId tenant,
        KeyId key,
        KeyMode mode,
        String plan,
        String service,
        String version,
        String operation,
        String method,
        int status,
        Completion completion,
        long cost,
        long charged,
        boolean billable,
        long requestBytes,
        long responseBytes,
        long upstreamMicros,
        long totalMicros,
        String requestId,
        @Nullable String clientRequestId,
        @Nullable String upstream,
        AdmissionRecord admission,
        List<String> parameters,
        List<String> fields) {

    public UsageEvent {
        parameters = List.copyOf(parameters);
        fields = List.copyOf(fields);
    }
}
