package dev.gatehouse.gateway.route;

/** A target that has no normal form. Never leaves this package. */
final class TargetFault extends Exception {
    private static final long serialVersionUID = 1L;

    private final String fault;

    TargetFault(String fault) {
        // it is caught at once: nobody reads its stack
        super(fault, null, false, false);
        this.fault = fault;
    }

    String fault() {
        return fault;
    }
}
