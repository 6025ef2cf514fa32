package dev.gatehouse.app.role;

import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.price.PriceList;
import dev.gatehouse.billing.price.Term;
import dev.gatehouse.billing.price.Terms;
import dev.gatehouse.directory.Directory;
import dev.gatehouse.kernel.id.TenantId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * A tenant's terms by the plan it has now, from its making on. A change of plan in mid-period prices the whole period by the
 * new plan as long as the directory keeps no history of plans.
 */
record DirectoryTerms(Directory directory) implements Terms {
    private static final int FIRST_VERSION = 1;

    @Override
    public List<Term> of(TenantId tenant, BillingPeriod period) {
        return directory.tenant(tenant).stream()
                .flatMap(found -> directory.plan(found.plan()).stream().flatMap(plan -> {
                    Instant made = found.createdAt().truncatedTo(ChronoUnit.SECONDS);
                    Instant from = made.isAfter(period.from()) ? made : period.from();
                    return from.isBefore(period.to())
                            ? List.of(new Term(PriceList.of(plan, FIRST_VERSION), from, period.to())).stream()
                            : List.<Term>of().stream();
                }))
                .toList();
    }
}
