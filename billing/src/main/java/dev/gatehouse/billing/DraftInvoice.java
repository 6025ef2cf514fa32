package dev.gatehouse.billing;

import dev.gatehouse.billing.price.Term;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import java.time.Instant;
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
        return included(period.to()).total();
    }

    /**
     * The units that the fees of a period cover.
     *
     * @param used those of them that are used
     * @param left what is left of them
     */
    public record Included(long used, long left) {
        public long total() {
            return used + left;
        }
    }

    /** As it stands at an instant: what was used of them so far, and what the prices of then leave. */
    public Included included(Instant now) {
        long used = 0;
        long left = 0;
        for (InvoiceLine line : lines) {
            if (line.kind() == InvoiceLine.Kind.USAGE
                    && line.derivation() instanceof InvoiceLine.Derivation.Counted counted
                    && (left == 0
                            || line.term().from().isBefore(now)
                            || line.term().from().equals(now))) {
                long covered = Math.min(counted.units(), counted.includedUnits());
                used += line.term().phase() == Term.Phase.TRIAL ? 0 : covered;
                left = counted.includedUnits() - covered;
            }
        }
        return new Included(used, left);
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
