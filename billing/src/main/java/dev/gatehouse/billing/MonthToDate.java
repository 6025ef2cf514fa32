package dev.gatehouse.billing;

import dev.gatehouse.kernel.money.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the running month costs so far.
 *
 * @param draft as if the month ended now, with the fees of the whole month, corrections of earlier invoices and an
 *     operator's lines; its lines count days, not hours
 * @param estimate the total at month end if calls go on at the month's mean pace; null in the month's first hour
 * @param completeUntil the instant up to which every call is counted; null while no gateway has spoken
 * @param included the units that the fees cover, as they stand now
 */
public record MonthToDate(
        DraftInvoice draft,
        @Nullable Money estimate,
        @Nullable Instant completeUntil,
        DraftInvoice.Included included) {}
