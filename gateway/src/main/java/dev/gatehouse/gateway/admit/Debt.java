package dev.gatehouse.gateway.admit;

/**
 * What Redis is still to be told of one key's calls of one UTC day.
 *
 * <p>Charges and refunds are kept apart because they may not be treated alike. The ledger raises a quota that is too low and
 * never lowers one, so whatever is not known to be missing must not be charged again, while a refund may be repeated.
 *
 * @param charges units to be taken
 * @param refunds units to be given back
 * @param untilMicros the instant on Redis's clock after which the charges are left to the ledger, since the usage that they
 *     belong to has been shipped and the quota may have been raised by it; 0 while none of it has been shipped
 */
record Debt(Account account, long day, long charges, long refunds, long untilMicros) {
    static Debt of(Account account, long units, long day) {
        return new Debt(account, day, Math.max(0, units), Math.max(0, -units), 0);
    }

    Debt plus(Debt later) {
        return day == later.day
                ? new Debt(
                        account,
                        day,
                        charges + later.charges,
                        refunds + later.refunds,
                        sooner(untilMicros, later.untilMicros))
                : later;
    }

    /** Its charges hold no longer than until then. */
    Debt until(long micros) {
        return new Debt(account, day, charges, refunds, sooner(untilMicros, micros));
    }

    /** What is left of it when its charges are, or may have been, made. */
    Debt refundsOnly() {
        return new Debt(account, day, 0, refunds, 0);
    }

    long units() {
        return charges - refunds;
    }

    private static long sooner(long one, long other) {
        return one == 0 ? other : other == 0 ? one : Math.min(one, other);
    }
}
