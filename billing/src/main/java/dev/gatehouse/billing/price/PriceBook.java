package dev.gatehouse.billing.price;

import dev.gatehouse.billing.store.BillingStore;
import dev.gatehouse.billing.store.PriceRows;
import dev.gatehouse.billing.store.PriceRows.Origin;
import dev.gatehouse.billing.store.Session;
import dev.gatehouse.kernel.plan.Plan;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All price lists. A version that is there is never changed. */
public final class PriceBook {
    private static final Logger LOG = LoggerFactory.getLogger(PriceBook.class);

    private final BillingStore store;
    private final InstantSource clock;

    public PriceBook(BillingStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    public List<PriceList> all() {
        return store.asSystem(session -> session.prices().lists());
    }

    /**
     * Takes over what a prices file and the plans say. A list of the file that is not there yet is added, with the start
     * that it states. A plan that states other prices than its last list, where that came from the plan too, becomes a new
     * version from the running hour on. What tenants have agreed to before stays as it is.
     *
     * @throws PriceFault when the file changes a version that is there
     */
    public void take(List<PriceList> file, List<Plan> plans) {
        store.runAsSystem(session -> {
            session.lock("prices");
            for (PriceList list : file) {
                Optional<PriceList> there = find(session, list);
                if (there.isPresent()) {
                    requireSame(there.get(), list);
                } else {
                    session.prices().insert(list, Origin.FILE, clock.instant(), "process:billing");
                }
            }
            for (Plan plan : plans) {
                follow(session, plan);
            }
        });
    }

    private void follow(Session session, Plan plan) {
        PriceRows prices = session.prices();
        Currency currency = plan.monthlyFee().currency();
        List<PriceList> all = prices.lists();
        Optional<PriceList> last = all.stream()
                .filter(list ->
                        list.plan().equals(plan.slug()) && list.currency().equals(currency))
                .max(Comparator.comparingInt(PriceList::version));
        Instant now = clock.instant();
        if (last.isEmpty()) {
            if (all.stream().noneMatch(list -> list.plan().equals(plan.slug()))) {
                prices.insert(PriceList.of(plan, 1), Origin.PLAN, now, "process:billing");
            } else if (prices.anyFromPlan(plan.slug())) {
                PriceList other = PriceList.of(plan, 1, now.truncatedTo(ChronoUnit.HOURS));
                prices.insert(other, Origin.PLAN, now, "process:billing");
                LOG.warn(
                        "the plan {} states prices in {} now: whoever comes onto it from {} on pays in it; tenants that"
                                + " agreed to another currency keep it",
                        plan.slug(),
                        currency,
                        other.startsAt());
            } else {
                LOG.warn(
                        "the plan {} states prices in {}, and price lists have it in other currencies only: those hold."
                                + " Add a price list in {}, or state another currency in the plans file.",
                        plan.slug(),
                        currency,
                        currency);
            }
            return;
        }
        PriceList stated = PriceList.of(plan, last.get().version() + 1, now.truncatedTo(ChronoUnit.HOURS));
        if (prices.isFromPlan(last.get()) && !stated.asksLike(last.get())) {
            prices.insert(stated, Origin.PLAN, now, "process:billing");
            LOG.info(
                    "the plan {} states other prices: version {} from {}",
                    plan.slug(),
                    stated.version(),
                    stated.startsAt());
        }
    }

    /**
     * Adds a version. Adding the same again changes nothing.
     *
     * @return whether it is new
     * @throws PriceFault when the version is there with other prices, does not follow on the last one, or would begin in the
     *     past
     */
    public boolean add(Session session, PriceList list, String by) {
        session.lock("prices");
        Optional<PriceList> there = find(session, list);
        if (there.isPresent()) {
            requireSame(there.get(), list);
            return false;
        }
        Optional<PriceList> last = session.prices().lists().stream()
                .filter(other ->
                        other.plan().equals(list.plan()) && other.currency().equals(list.currency()))
                .max(Comparator.comparingInt(PriceList::version));
        int next = last.map(PriceList::version).orElse(0) + 1;
        if (list.version() != next) {
            throw new PriceFault("version", "is " + list.version() + ": the next one is " + next);
        }
        if (last.isPresent()) {
            if (list.startsAt().isBefore(clock.instant().truncatedTo(ChronoUnit.HOURS))) {
                throw new PriceFault("from", "is past: prices that held are not changed afterwards");
            }
            if (!list.startsAt().isAfter(last.get().startsAt())) {
                throw new PriceFault(
                        "from",
                        "is not after " + last.get().startsAt() + ", from which version "
                                + last.get().version() + " holds");
            }
        }
        session.prices().insert(list, Origin.OPERATOR, clock.instant(), by);
        return true;
    }

    private static Optional<PriceList> find(Session session, PriceList list) {
        return session.prices().find(list.plan(), list.currency(), list.version());
    }

    private static void requireSame(PriceList there, PriceList given) {
        if (!PriceFormat.write(there).equals(PriceFormat.write(given))) {
            throw new PriceFault(
                    "version",
                    "is " + given.version() + " of " + given.plan() + " in " + given.currency()
                            + ", which is there with other prices and never changes: make it version "
                            + (given.version() + 1));
        }
    }
}
