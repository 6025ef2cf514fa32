package dev.gatehouse.billing.price;

import dev.gatehouse.billing.BillingPeriod;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All that was agreed on with a tenant: from it follow the terms of any period. Pure.
 *
 * @param plans which plan, since when; in the order of time
 * @param currency in which the tenant pays
 * @param lists every version of every plan's prices in that currency
 * @param overrides the tenant's own prices, in the order of their making
 */
public record Agreement(List<OnPlan> plans, Currency currency, List<PriceList> lists, List<PriceOverride> overrides) {

    /** The tenant is on a plan from an instant on. */
    public record OnPlan(Instant since, String plan) {}

    public Agreement {
        plans = plans.stream()
                .map(on -> new OnPlan(on.since().truncatedTo(ChronoUnit.SECONDS), on.plan()))
                .toList();
        lists = lists.stream()
                .filter(list -> list.currency().equals(currency))
                .sorted(Comparator.comparing(PriceList::startsAt).thenComparing(PriceList::version))
                .toList();
        overrides = List.copyOf(overrides);
    }

    /**
     * The terms of a period. Its beginning, the tenant's making, changes of plan, new versions of prices, beginnings and
     * ends of overrides and the end of a trial each begin a new term.
     *
     * @throws IllegalStateException when a plan has no price in the tenant's currency
     */
    public List<Term> terms(BillingPeriod period) {
        if (plans.isEmpty() || !plans.getFirst().since().isBefore(period.to())) {
            return List.of();
        }
        Instant begin = latest(period.from(), plans.getFirst().since());
        TreeSet<Instant> edges = new TreeSet<>();
        plans.forEach(on -> edges.add(on.since()));
        lists.forEach(list -> edges.add(list.startsAt()));
        overrides.forEach(own -> {
            edges.add(own.from());
            if (own.until() != null) {
                edges.add(own.until());
            }
        });
        edges.add(trialEnd());
        List<Instant> cuts = new ArrayList<>(edges.subSet(begin, false, period.to(), false));
        cuts.addFirst(begin);
        cuts.add(period.to());
        List<Term> terms = new ArrayList<>();
        for (int i = 0; i + 1 < cuts.size(); i++) {
            Term.Phase phase = cuts.get(i).isBefore(trialEnd()) ? Term.Phase.TRIAL : Term.Phase.PAID;
            append(terms, new Term(pricesAt(cuts.get(i)), cuts.get(i), cuts.get(i + 1), phase));
        }
        return List.copyOf(terms);
    }

    /** What holds at an instant. @throws IllegalStateException when the plan has no price in the tenant's currency */
    public PriceList pricesAt(Instant at) {
        PriceList prices = listOf(planAt(at), at)
                .orElseThrow(() -> new IllegalStateException("The plan " + planAt(at) + " has no prices in "
                        + currency.getCurrencyCode() + ". Add a price list, or bill the tenant in another currency."));
        PriceOverride own = null;
        for (PriceOverride override : overrides) {
            if (override.isInForce(at) && override.currency().equals(currency)) {
                own = override;
            }
        }
        return own == null ? prices : own.over(prices);
    }

    private String planAt(Instant at) {
        String plan = plans.getFirst().plan();
        for (OnPlan on : plans) {
            if (!on.since().isAfter(at)) {
                plan = on.plan();
            }
        }
        return plan;
    }

    /** The newest version that has begun, or else the first one: a time before all prices has those. */
    private Optional<PriceList> listOf(String plan, Instant at) {
        @Nullable PriceList found = null;
        for (PriceList list : lists) {
            if (list.plan().equals(plan) && (found == null || !list.startsAt().isAfter(at))) {
                found = list;
            }
        }
        return Optional.ofNullable(found);
    }

    /** A trial ends with an hour, so that no hour of calls is half free. */
    private Instant trialEnd() {
        Instant made = plans.getFirst().since();
        int days =
                listOf(plans.getFirst().plan(), made).map(PriceList::trialDays).orElse(0);
        if (days == 0) {
            return made;
        }
        Instant end = made.plus(Duration.ofDays(days));
        Instant hour = end.truncatedTo(ChronoUnit.HOURS);
        return hour.equals(end) ? end : hour.plus(Duration.ofHours(1));
    }

    private static void append(List<Term> terms, Term term) {
        if (!terms.isEmpty()) {
            Term last = terms.getLast();
            if (last.prices().equals(term.prices()) && last.phase() == term.phase()) {
                terms.set(terms.size() - 1, new Term(last.prices(), last.from(), term.to(), last.phase()));
                return;
            }
        }
        terms.add(term);
    }

    private static Instant latest(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
