package dev.gatehouse.webhooks;

/** Looks at a receiver as a delivery would, and says what to fix. */
@FunctionalInterface
public interface ReceiverDoctor {
    /**
     * Sends the receiver three messages of type {@code webhook.probe}, one of them wrongly signed and one old; takes up to
     * half a minute.
     *
     * @param endpoint as its owner was shown it
     */
    Diagnosis diagnose(Endpoint endpoint);
}
