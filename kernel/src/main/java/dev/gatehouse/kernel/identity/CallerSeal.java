package dev.gatehouse.kernel.identity;

/**
 * Writes the value of {@link #HEADER} for one call to one service. What it writes is good for that service, that method
 * and that target only, and for a short time. Not safe for threads: each event loop holds its own.
 */
public sealed interface CallerSeal permits IdentitySeal, CallerToken {
    /** The header that tells a service who calls. The gateway strips it from requests that come from outside. */
    String HEADER = "Gatehouse-Caller";

    /**
     * @param issuedAt seconds since 1970
     * @param call as the service will see it
     */
    String seal(CallerSubject subject, String requestId, long issuedAt, SealedCall call);
}
