package dev.gatehouse.signals.market;

/** Where a home stands as the market counts it. */
public enum Phase {
    /** For sale: it is inventory. */
    ON_MARKET,
    UNDER_CONTRACT,
    SOLD,
    OFF_MARKET;

    /** @param status a RESO StandardStatus; one that is not known counts as off the market */
    public static Phase of(String status) {
        return switch (status) {
            case "Active" -> ON_MARKET;
            case "ActiveUnderContract", "Pending" -> UNDER_CONTRACT;
            case "Closed" -> SOLD;
            default -> OFF_MARKET;
        };
    }
}
