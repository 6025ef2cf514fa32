package dev.gatehouse.metering.ledger;

/** Which of a producer's two sequences. */
public enum Series {
    USAGE("u"),
    REFUSALS("r");

    private final String code;

    Series(String code) {
        this.code = code;
    }

    /** As the ledger's tables write it. */
    public String code() {
        return code;
    }

    public static Series of(String code) {
        return code.equals("u") ? USAGE : REFUSALS;
    }
}
