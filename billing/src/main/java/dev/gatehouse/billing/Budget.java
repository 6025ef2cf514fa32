package dev.gatehouse.billing;

import dev.gatehouse.kernel.money.Money;
import java.time.Instant;
import java.util.List;

/**
 * What a tenant wants to spend in a month at most.
 *
 * @param amount more than nothing, in the currency in which it pays
 * @param atLimit what happens when it is reached
 * @param alerts those that the running month has brought, the lowest first
 */
public record Budget(Money amount, AtLimit atLimit, List<Alert> alerts) {

    /** What happens at 100 %. */
    public enum AtLimit {
        /** The tenant is told. */
        TELL,
        /** The tenant is told, and calls that cost something are refused with {@code spend_cap} until the month is over. */
        REFUSE_CALLS
    }

    /**
     * A part of the budget was used up.
     *
     * @param percent 50, 80 or 100
     * @param spent the month to date when it was noticed
     */
    public record Alert(int percent, Money spent, Instant at) {}

    public Budget {
        alerts = List.copyOf(alerts);
    }
}
