package dev.gatehouse.billing;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import java.util.List;

/**
 * What a period costs, as far as it is known.
 *
 * @param algorithm the version of the rating that made it
 * @param total the sum of the lines' rounded amounts
 */
public record DraftInvoice(TenantId tenant, BillingPeriod period, int algorithm, List<InvoiceLine> lines, Money total) {
    public DraftInvoice {
        lines = List.copyOf(lines);
    }

    /** Units of all lines. */
    public long units() {
        return counted(InvoiceLine.Derivation.Counted::units);
    }

    /** Units that the fees cover, used or not. */
    public long includedUnits() {
        return counted(InvoiceLine.Derivation.Counted::includedUnits);
    }

    /** Calls of all lines. */
    public long calls() {
        return counted(InvoiceLine.Derivation.Counted::calls);
    }

    private long counted(java.util.function.ToLongFunction<InvoiceLine.Derivation.Counted> part) {
        long sum = 0;
        for (InvoiceLine line : lines) {
            if (line.derivation() instanceof InvoiceLine.Derivation.Counted counted) {
                sum += part.applyAsLong(counted);
            }
        }
        return sum;
    }
}
