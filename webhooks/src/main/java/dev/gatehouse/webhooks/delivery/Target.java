package dev.gatehouse.webhooks.delivery;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.webhooks.signature.Signer;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a worker must know of an endpoint.
 *
 * @param isEnabled whether anything is to be delivered to it
 * @param isOrdered whether deliveries about one property are made one after another
 * @param signers two while a rotation overlaps
 * @param openUntil until when the breaker lets nothing through, and then one; null while it is closed
 */
public record Target(
        String endpoint,
        TenantId tenant,
        String url,
        boolean isEnabled,
        boolean isOrdered,
        List<Signer> signers,
        @Nullable Instant openUntil) {
    public Target {
        signers = List.copyOf(signers);
    }
}
