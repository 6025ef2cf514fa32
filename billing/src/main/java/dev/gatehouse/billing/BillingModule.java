package dev.gatehouse.billing;

import dev.gatehouse.billing.InvoiceLine.Derivation;
import dev.gatehouse.billing.price.Term;
import dev.gatehouse.billing.price.Terms;
import dev.gatehouse.billing.rating.Estimate;
import dev.gatehouse.billing.rating.Rating;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.metering.LedgerFilter;
import dev.gatehouse.metering.LedgerPage;
import dev.gatehouse.metering.UsageQuery;
import dev.gatehouse.metering.UsageReader;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From the ledger to what it costs: draft invoices, the running month, and the calls behind a line. */
public final class BillingModule {
    private final UsageReader usage;
    private final Terms terms;
    private final InstantSource clock;

    public BillingModule(UsageReader usage, Terms terms, InstantSource clock) {
        this.usage = usage;
        this.terms = terms;
        this.clock = clock;
    }

    /** What a period costs by the ledger of now; empty when nothing was agreed on with the tenant in it. */
    public Optional<DraftInvoice> draft(TenantId tenant, BillingPeriod period) {
        return input(tenant, period).map(Rating::rate);
    }

    /** What the running month costs so far; empty when nothing was agreed on with the tenant. */
    public Optional<MonthToDate> monthToDate(TenantId tenant) {
        Instant now = clock.instant();
        return input(tenant, BillingPeriod.holding(now))
                .map(input -> new MonthToDate(
                        Rating.rate(input),
                        Estimate.atEnd(input, now).orElse(null),
                        usage.completeUntil().orElse(null)));
    }

    /**
     * The calls behind a line that counts calls, page by page, in the order of their time. A call is the line's when the line
     * counts its hour, plan and operation.
     *
     * @param cursor {@link LedgerPage#next} of the page before; null for the first
     * @param limit 1 to 1,000
     * @return empty when the draft has no such line
     */
    public Optional<LedgerPage> calls(
            TenantId tenant, BillingPeriod period, int line, @Nullable String cursor, int limit) {
        return input(tenant, period)
                .flatMap(input -> Rating.rate(input).lines().stream()
                        .filter(candidate ->
                                candidate.number() == line && candidate.derivation() instanceof Derivation.Counted)
                        .findFirst()
                        .map(found -> page(tenant, found, cursor, limit)));
    }

    private LedgerPage page(TenantId tenant, InvoiceLine line, @Nullable String cursor, int limit) {
        List<InvoiceLine.Share> hours = ((Derivation.Counted) line.derivation()).hours();
        if (hours.isEmpty()) {
            return new LedgerPage(List.of(), null);
        }
        Instant from = hours.getFirst().hour().hour();
        Instant to = hours.getLast().hour().hour().plusSeconds(3_600);
        String plan = hours.getFirst().hour().plan();
        boolean onePlan = hours.stream().allMatch(share -> share.hour().plan().equals(plan));
        return usage.rows(new LedgerFilter(tenant, from, to, null, null, onePlan ? plan : null, true), cursor, limit);
    }

    private Optional<RatingInput> input(TenantId tenant, BillingPeriod period) {
        List<Term> agreed = terms.of(tenant, period);
        if (agreed.isEmpty()) {
            return Optional.empty();
        }
        UsageQuery query = new UsageQuery(
                tenant,
                period.from(),
                period.to(),
                UsageQuery.Bucket.HOUR,
                Set.of(UsageQuery.Dimension.OPERATION, UsageQuery.Dimension.PLAN));
        List<UsageHour> hours = usage.sums(query).stream()
                .filter(sum -> sum.billableCalls() > 0)
                .map(sum -> new UsageHour(
                        sum.from(),
                        Objects.requireNonNullElse(sum.plan(), ""),
                        Objects.requireNonNullElse(sum.operation(), ""),
                        sum.billableCalls(),
                        sum.billableUnits()))
                .toList();
        return Optional.of(new RatingInput(tenant, period, agreed, hours));
    }
}
