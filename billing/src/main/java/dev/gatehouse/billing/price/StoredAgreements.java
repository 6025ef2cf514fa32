package dev.gatehouse.billing.price;

import dev.gatehouse.billing.store.BillingStore;
import dev.gatehouse.billing.store.PriceRows.Kept;
import dev.gatehouse.directory.Directory;
import dev.gatehouse.kernel.id.TenantId;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

/** What was agreed on, by the directory's history of plans and the prices that are kept here. */
public final class StoredAgreements implements Agreements {
    private final Directory directory;
    private final BillingStore store;

    public StoredAgreements(Directory directory, BillingStore store) {
        this.directory = directory;
        this.store = store;
    }

    @Override
    public Optional<Agreement> of(TenantId tenant) {
        Kept kept = store.asTenant(tenant, session -> session.prices().kept(tenant));
        return of(tenant, kept.lists(), kept.overrides(), kept.currency());
    }

    /** With other price lists in the place of those that are kept. */
    public Optional<Agreement> with(TenantId tenant, List<PriceList> lists) {
        Kept kept = store.asTenant(tenant, session -> session.prices().kept(tenant));
        return of(tenant, lists, kept.overrides(), kept.currency());
    }

    private Optional<Agreement> of(
            TenantId tenant, List<PriceList> lists, List<PriceOverride> overrides, Optional<Currency> currency) {
        List<Agreement.OnPlan> plans = directory.planHistory(tenant).stream()
                .map(change -> new Agreement.OnPlan(change.at(), change.plan()))
                .toList();
        if (plans.isEmpty()) {
            return Optional.empty();
        }
        Currency pays = currency.orElseGet(() -> firstCurrency(plans.getLast().plan(), lists));
        return Optional.of(new Agreement(plans, pays, lists, overrides));
    }

    private static Currency firstCurrency(String plan, List<PriceList> lists) {
        return lists.stream()
                .filter(list -> list.plan().equals(plan))
                .findFirst()
                .map(PriceList::currency)
                .orElseThrow(() -> new IllegalStateException("The plan " + plan + " has no prices."));
    }
}
