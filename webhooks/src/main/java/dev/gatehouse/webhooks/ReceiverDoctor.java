package dev.gatehouse.webhooks;

import dev.gatehouse.kernel.id.TenantId;

/** Looks at a receiver as a delivery would, and says what to fix. */
@FunctionalInterface
public interface ReceiverDoctor {
    /**
     * Sends the receiver three messages of type {@code webhook.probe}, one of them wrongly signed and one old; takes up to
     * half a minute.
     *
     * @throws dev.gatehouse.kernel.problem.ProblemException when the tenant has no such endpoint
     */
    Diagnosis diagnose(TenantId tenant, String endpoint);
}
