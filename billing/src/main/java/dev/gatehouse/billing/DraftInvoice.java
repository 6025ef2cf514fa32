package dev.gatehouse.billing;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

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

    /** An invoice of these lines, of one currency and at least one. */
    public static DraftInvoice of(TenantId tenant, BillingPeriod period, int algorithm, List<InvoiceLine> lines) {
        Money total = Money.zero(lines.getFirst().amount().currency());
        for (InvoiceLine line : lines) {
            total = total.plus(line.amount());
        }
        return new DraftInvoice(tenant, period, algorithm, lines, total.rounded());
    }

    /** The invoice with more lines at its end, numbered on. */
    public DraftInvoice with(List<InvoiceLine> more) {
        if (more.isEmpty()) {
            return this;
        }
        List<InvoiceLine> all = new ArrayList<>(lines);
        for (InvoiceLine line : more) {
            all.add(new InvoiceLine(all.size() + 1, line.kind(), line.term(), line.amount(), line.derivation()));
        }
        return of(tenant, period, algorithm, all);
    }

    public Optional<InvoiceLine> line(int number) {
        return number >= 1 && number <= lines.size() ? Optional.of(lines.get(number - 1)) : Optional.empty();
    }

    public Currency currency() {
        return total.currency();
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
