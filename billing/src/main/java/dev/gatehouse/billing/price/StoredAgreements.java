package dev.gatehouse.billing.price;

import dev.gatehouse.billing.store.AgreementRows.Cause;
import dev.gatehouse.billing.store.AgreementRows.Row;
import dev.gatehouse.billing.store.BillingStore;
import dev.gatehouse.billing.store.PriceRows.Kept;
import dev.gatehouse.billing.store.Session;
import dev.gatehouse.directory.Directory;
import dev.gatehouse.directory.PlanChange;
import dev.gatehouse.directory.Tenant;
import dev.gatehouse.kernel.id.TenantId;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was agreed on, as it is written down here. A change of plan in the directory is written down, with the prices that were
 * on offer at its time, by whoever looks at the tenant first, and read from there ever after.
 */
public final class StoredAgreements implements Agreements {
    private static final Logger LOG = LoggerFactory.getLogger(StoredAgreements.class);
    private static final String BY = "process:billing";
    private static final int PAGE = 500;

    private final Directory directory;
    private final BillingStore store;
    private final InstantSource clock;

    public StoredAgreements(Directory directory, BillingStore store, InstantSource clock) {
        this.directory = directory;
        this.store = store;
        this.clock = clock;
    }

    @Override
    public Optional<Agreement> of(TenantId tenant) {
        List<PlanChange> plans = directory.planHistory(tenant);
        if (plans.isEmpty()) {
            return Optional.empty();
        }
        Kept kept = store.asTenant(tenant, session -> session.prices().kept(tenant));
        if (plansWritten(kept) < plans.size()) {
            kept = store.asTenant(tenant, session -> written(session, tenant, plans));
        }
        return Optional.of(agreement(kept, plans, pauses(tenant)));
    }

    /** Under other price lists: they take the place of all that there are of their plan and currency. */
    public Optional<Agreement> with(TenantId tenant, List<PriceList> lists) {
        return of(tenant).map(agreed -> agreed.under(lists));
    }

    /** Writes down what every tenant has agreed to by now. One tenant's fault does not keep the others from it. */
    public void writeAll() {
        for (Tenant tenant : tenants()) {
            try {
                of(tenant.id());
            } catch (IllegalStateException | IllegalArgumentException e) {
                LOG.error("what {} agreed to could not be written down", tenant.slug(), e);
            }
        }
    }

    /**
     * In an installation from before agreements were written down: writes, once, what holds for each of its tenants. Versions
     * of prices that were announced for its plan and currency begin as they were announced.
     */
    public void adopt() {
        if (store.<Boolean>asSystem(session -> session.agreements().areAdopted())) {
            return;
        }
        List<Tenant> tenants = tenants();
        for (Tenant tenant : tenants) {
            List<PlanChange> plans = directory.planHistory(tenant.id());
            store.runAsTenant(tenant.id(), session -> adopt(session, tenant.id(), plans));
        }
        store.runAsSystem(session -> session.agreements().adopted(clock.instant()));
        LOG.info("wrote down what {} tenants have agreed to", tenants.size());
    }

    private void adopt(Session session, TenantId tenant, List<PlanChange> plans) {
        session.lock("agreement " + tenant);
        Kept kept = session.prices().kept(tenant);
        if (!kept.agreements().isEmpty() || plans.isEmpty()) {
            return;
        }
        PlanChange newest = plans.getLast();
        Optional<Currency> currency = session.agreements()
                .currencyBefore(tenant)
                .or(() -> kept.catalogue().currencyOf(newest.plan(), stated(newest.plan()), newest.at()));
        if (currency.isEmpty()) {
            return;
        }
        List<PriceList> lists = kept.catalogue().prices();
        int place = 1;
        for (int i = 0; i < plans.size(); i++) {
            PlanChange change = plans.get(i);
            List<Agreement.OnPlan> one = new ArrayList<>();
            one.add(new Agreement.OnPlan(change.at(), change.plan()));
            Agreement part = Agreement.byCatalogue(one, currency.get(), lists, List.of());
            Instant next = i + 1 < plans.size() ? plans.get(i + 1).at() : Instant.MAX;
            Integer number = i + 1;
            for (Agreement.Agreed agreed : part.agreed()) {
                if (agreed.since().isBefore(next)) {
                    session.agreements()
                            .insert(
                                    tenant,
                                    new Row(
                                            place,
                                            agreed.since(),
                                            agreed.prices(),
                                            place == 1 ? part.trialUntil() : null,
                                            Cause.ADOPTED,
                                            number),
                                    clock.instant(),
                                    BY,
                                    null);
                    place++;
                    number = null;
                }
            }
            if (part.agreed().isEmpty()) {
                return;
            }
        }
    }

    private static int plansWritten(Kept kept) {
        return (int) kept.agreements().stream()
                .filter(row -> row.planChange() != null)
                .count();
    }

    /** Writes down the changes of plan that are not yet, as far as there are prices for them. */
    private Kept written(Session session, TenantId tenant, List<PlanChange> plans) {
        session.lock("agreement " + tenant);
        Kept kept = session.prices().kept(tenant);
        for (int i = plansWritten(kept); i < plans.size(); i++) {
            PlanChange change = plans.get(i);
            Instant since = change.at().truncatedTo(ChronoUnit.SECONDS);
            Agreement before = agreement(kept, plans, List.of());
            Optional<PriceList> prices = kept.agreements().isEmpty()
                    ? kept.catalogue()
                            .currencyOf(change.plan(), stated(change.plan()), change.at())
                            .flatMap(pays -> offered(session, tenant, change, pays))
                    : before.hasEnded(since)
                            ? Optional.empty()
                            : before.currencyAt(since).flatMap(pays -> offered(session, tenant, change, pays));
            if (prices.isEmpty()) {
                break;
            }
            session.agreements()
                    .insert(
                            tenant,
                            new Row(
                                    kept.agreements().size() + 1,
                                    since,
                                    prices.get(),
                                    kept.agreements().isEmpty() ? Agreement.trialEnd(since, prices.get()) : null,
                                    i == 0 ? Cause.BEGIN : Cause.PLAN,
                                    i + 1),
                            clock.instant(),
                            BY,
                            null);
            kept = session.prices().kept(tenant);
        }
        return kept;
    }

    /** A plan that was chosen before it had prices in the tenant's currency has those that it got first. */
    private static Optional<PriceList> offered(Session session, TenantId tenant, PlanChange change, Currency pays) {
        Catalogue catalogue = session.prices().kept(tenant).catalogue();
        return catalogue
                .offered(change.plan(), pays, change.at())
                .or(() -> catalogue.prices().stream()
                        .filter(list -> list.plan().equals(change.plan())
                                && list.currency().equals(pays))
                        .findFirst());
    }

    private @Nullable Currency stated(String plan) {
        return directory.plan(plan).map(found -> found.monthlyFee().currency()).orElse(null);
    }

    private static Agreement agreement(Kept kept, List<PlanChange> plans, List<Agreement.Pause> pauses) {
        List<Agreement.Agreed> agreed = kept.agreements().stream()
                .map(row -> new Agreement.Agreed(row.since(), row.prices()))
                .toList();
        Instant trial = kept.agreements().stream()
                .map(Row::trialUntil)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        Agreement found = new Agreement(agreed, trial, kept.overrides(), pauses, kept.catalogue(), List.of());
        int written = plansWritten(kept);
        if (written >= plans.size()) {
            return found;
        }
        PlanChange open = plans.get(written);
        String fault = found.hasEnded(open.at())
                ? "It came onto the plan " + open.plan() + " at " + open.at() + ", after its agreement had ended."
                : found.currencyAt(open.at())
                        .map(pays -> Agreement.noPrices(open.plan(), open.at(), pays))
                        .orElse("The plan " + open.plan() + " has no prices: add a price list.");
        return new Agreement(agreed, trial, kept.overrides(), pauses, kept.catalogue(), List.of(fault));
    }

    private List<Agreement.Pause> pauses(TenantId tenant) {
        return directory.suspensions(tenant).stream()
                .map(one -> new Agreement.Pause(one.from(), one.until()))
                .toList();
    }

    /** In the order of their making. */
    private List<Tenant> tenants() {
        List<Tenant> all = new ArrayList<>(directory.tenants(null, PAGE));
        List<Tenant> page = all;
        while (page.size() == PAGE) {
            page = directory.tenants(all.getLast().id(), PAGE);
            all.addAll(page);
        }
        return all;
    }
}
