package dev.gatehouse.kernel.identity;

/** Headers between gateway and services; none of them crosses the edge, in or out. */
public final class InternalHeaders {
    /** A service's statement of a call's real cost in units; the gateway settles the difference. */
    public static final String COST = "Gatehouse-Cost";

    /** The gateway's request id on its way to the service. */
    public static final String REQUEST_ID = "X-Request-ID";

    private InternalHeaders() {}
}
