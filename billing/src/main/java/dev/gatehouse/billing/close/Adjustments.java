package dev.gatehouse.billing.close;

import dev.gatehouse.billing.DraftInvoice;
import dev.gatehouse.billing.InvoiceId;
import dev.gatehouse.billing.InvoiceLine;
import dev.gatehouse.billing.InvoiceLine.Derivation;
import dev.gatehouse.billing.RatingInput;
import dev.gatehouse.billing.UsageHour;
import dev.gatehouse.billing.rating.Rating;
import dev.gatehouse.billing.rating.RatingRun;
import dev.gatehouse.kernel.money.Money;
import dev.gatehouse.metering.LedgerCut;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Corrects final invoices: rates their period again, under their own terms, with what the ledger holds now, and states each
 * line's difference. The lines of a period do not depend on its usage, only their amounts do, so that line n is line n.
 */
final class Adjustments {
    /**
     * A final invoice that may have to be corrected.
     *
     * @param run its own rating
     * @param corrections ratings of the final invoices that have corrected it, in the order of time
     */
    record Earlier(String number, RatingRun run, List<RatingRun> corrections) {

        /** The hours that were charged so far, each once, in the order of time. */
        List<UsageHour> hours() {
            Map<String, UsageHour> sums = new TreeMap<>();
            charged()
                    .forEach(hour -> sums.merge(
                            hour.hour() + " " + hour.operation() + " " + hour.plan(),
                            hour,
                            (one, other) -> new UsageHour(
                                    one.hour(),
                                    one.plan(),
                                    one.operation(),
                                    one.calls() + other.calls(),
                                    one.units() + other.units())));
            return List.copyOf(sums.values());
        }

        private Stream<UsageHour> charged() {
            return Stream.concat(
                    run.input().usage().stream(),
                    corrections.stream().flatMap(this::corrected).flatMap(found -> found.hours().stream()));
        }

        private Stream<Derivation.Corrected> corrected(RatingRun by) {
            return by.output().lines().stream()
                    .map(InvoiceLine::derivation)
                    .filter(Derivation.Corrected.class::isInstance)
                    .map(Derivation.Corrected.class::cast)
                    .filter(found -> found.invoice().equals(run.invoice()));
        }
    }

    private Adjustments() {}

    /** @param now the billable hours of the earlier invoice's period as the ledger holds them now */
    static List<InvoiceLine> of(Earlier earlier, List<UsageHour> now) {
        RatingInput before = earlier.run().input();
        DraftInvoice again = Rating.rate(
                new RatingInput(before.tenant(), before.period(), before.terms(), now),
                earlier.run().output().algorithm());
        List<InvoiceLine> lines = new ArrayList<>();
        for (InvoiceLine line : again.lines()) {
            InvoiceLine invoiced = earlier.run().output().lines().get(line.number() - 1);
            Charged charged = charged(earlier, invoiced);
            Money difference = line.amount().minus(charged.amount());
            List<UsageHour> more = more(hours(line), charged.hours());
            if (difference.amount().signum() != 0 || !more.isEmpty()) {
                lines.add(new InvoiceLine(
                        0,
                        InvoiceLine.Kind.ADJUSTMENT,
                        line.term(),
                        difference.rounded(),
                        new Derivation.Corrected(
                                earlier.run().invoice(),
                                earlier.number(),
                                line.number(),
                                more.stream().mapToLong(UsageHour::calls).sum(),
                                more.stream().mapToLong(UsageHour::units).sum(),
                                charged.amount(),
                                line.amount(),
                                charged.cut(),
                                more)));
            }
        }
        return lines;
    }

    private record Charged(Money amount, LedgerCut cut, List<UsageHour> hours) {}

    private static Charged charged(Earlier earlier, InvoiceLine invoiced) {
        Money amount = invoiced.amount();
        LedgerCut cut = earlier.run().cut();
        List<UsageHour> hours = new ArrayList<>(hours(invoiced));
        InvoiceId id = earlier.run().invoice();
        for (RatingRun run : earlier.corrections()) {
            for (InvoiceLine line : run.output().lines()) {
                if (line.derivation() instanceof Derivation.Corrected found
                        && found.invoice().equals(id)
                        && found.line() == invoiced.number()) {
                    amount = amount.plus(line.amount());
                    hours.addAll(found.hours());
                    cut = run.cut();
                }
            }
        }
        return new Charged(amount, cut, hours);
    }

    private static List<UsageHour> hours(InvoiceLine line) {
        return line.derivation() instanceof Derivation.Counted counted
                ? counted.hours().stream().map(InvoiceLine.Share::hour).toList()
                : List.of();
    }

    private record Part(java.time.Instant hour, String plan, String operation) {
        static Part of(UsageHour hour) {
            return new Part(hour.hour(), hour.plan(), hour.operation());
        }
    }

    /** What came since; the ledger only ever grows. */
    private static List<UsageHour> more(List<UsageHour> now, List<UsageHour> before) {
        Map<Part, long[]> had = new HashMap<>();
        for (UsageHour hour : before) {
            long[] sum = had.computeIfAbsent(Part.of(hour), part -> new long[2]);
            sum[0] += hour.calls();
            sum[1] += hour.units();
        }
        List<UsageHour> more = new ArrayList<>();
        for (UsageHour hour : now) {
            long[] sum = Objects.requireNonNullElse(had.get(Part.of(hour)), new long[2]);
            long calls = hour.calls() - sum[0];
            long units = hour.units() - sum[1];
            if (calls != 0 || units != 0) {
                more.add(new UsageHour(hour.hour(), hour.plan(), hour.operation(), calls, units));
            }
        }
        return more;
    }
}
