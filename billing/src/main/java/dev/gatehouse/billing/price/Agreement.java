package dev.gatehouse.billing.price;

import dev.gatehouse.billing.BillingPeriod;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All that was agreed on with a tenant: from it follow the terms of any period. Each part was written down when it was
 * agreed; what prices there are by now changes nothing of it. Pure.
 *
 * @param agreed which prices hold, since when; in the order of time
 * @param trialUntil the end of the tenant's trial; null where there was none
 * @param overrides the tenant's own prices, in the order of their making
 * @param pauses when the tenant was suspended
 * @param offers what it may agree to next
 * @param faults what of the tenant's plans could not be agreed on, for people; empty when all is well
 */
public record Agreement(
        List<Agreed> agreed,
        @Nullable Instant trialUntil,
        List<PriceOverride> overrides,
        List<Pause> pauses,
        Catalogue offers,
        List<String> faults) {

    /** The tenant is on a plan from an instant on. */
    public record OnPlan(Instant since, String plan) {}

    /**
     * These prices hold from an instant on.
     *
     * @param prices null when nothing is agreed on any more
     */
    public record Agreed(Instant since, @Nullable PriceList prices) {
        public Agreed {
            since = since.truncatedTo(ChronoUnit.SECONDS);
        }
    }

    /**
     * The tenant is suspended: nothing is charged meanwhile.
     *
     * @param until null while it lasts
     */
    public record Pause(Instant from, @Nullable Instant until) {
        public Pause {
            from = from.truncatedTo(ChronoUnit.SECONDS);
            until = until == null ? null : until.truncatedTo(ChronoUnit.SECONDS);
        }

        boolean holds(Instant at) {
            return !at.isBefore(from) && (until == null || at.isBefore(until));
        }
    }

    public Agreement {
        agreed = lastWord(agreed);
        overrides = List.copyOf(overrides);
        pauses = List.copyOf(pauses);
        faults = List.copyOf(faults);
    }

    /** In the order of making: what is agreed on later holds from its start on, whatever was agreed on for then before. */
    private static List<Agreed> lastWord(List<Agreed> made) {
        List<Agreed> timeline = new ArrayList<>();
        for (Agreed next : made) {
            timeline.removeIf(before -> !before.since().isBefore(next.since()));
            timeline.add(next);
        }
        return List.copyOf(timeline);
    }

    /**
     * What held when prices were not written down for each tenant: the newest version of its plan in its currency, as soon
     * as it began.
     *
     * @param plans which plan, since when; in the order of time
     */
    public static Agreement byCatalogue(
            List<OnPlan> plans, Currency currency, List<PriceList> lists, List<PriceOverride> overrides) {
        List<Agreed> agreed = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        Instant trial = null;
        for (int i = 0; i < plans.size(); i++) {
            OnPlan on = plans.get(i);
            List<PriceList> own = lists.stream()
                    .filter(list ->
                            list.plan().equals(on.plan()) && list.currency().equals(currency))
                    .toList();
            if (own.isEmpty()) {
                faults.add(noPrices(on.plan(), on.since(), currency));
                break;
            }
            List<Agreed> part =
                    byTime(on.since(), i + 1 < plans.size() ? plans.get(i + 1).since() : null, own);
            if (i == 0) {
                trial = trialEnd(
                        on.since(), Objects.requireNonNull(part.getFirst().prices()));
            }
            agreed.addAll(part);
        }
        return new Agreement(agreed, trial, overrides, List.of(), Catalogue.of(lists), faults);
    }

    /** @param until null for no end */
    private static List<Agreed> byTime(Instant since, @Nullable Instant until, List<PriceList> lists) {
        List<PriceList> sorted = lists.stream().sorted(Catalogue.BY_START).toList();
        List<Agreed> agreed = new ArrayList<>();
        PriceList first = sorted.getFirst();
        for (PriceList list : sorted) {
            if (!list.startsAt().isAfter(since)) {
                first = list;
            }
        }
        agreed.add(new Agreed(since, first));
        for (PriceList list : sorted) {
            if (list.startsAt().isAfter(since)
                    && (until == null || list.startsAt().isBefore(until))) {
                agreed.add(new Agreed(list.startsAt(), list));
            }
        }
        return agreed;
    }

    static String noPrices(String plan, Instant since, Currency currency) {
        return "It is on the plan " + plan + " since " + since.truncatedTo(ChronoUnit.SECONDS)
                + ", which has no prices in " + currency.getCurrencyCode()
                + ". Until it has, what was agreed on before holds,"
                + " and its invoices do not become final: add a price list, or bill the tenant in another currency.";
    }

    /** The end of a trial that begins with these prices; null for none. It ends with an hour, so that no hour is half free. */
    static @Nullable Instant trialEnd(Instant since, PriceList prices) {
        if (prices.trialDays() == 0) {
            return null;
        }
        Instant end = since.truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofDays(prices.trialDays()));
        Instant hour = end.truncatedTo(ChronoUnit.HOURS);
        return hour.equals(end) ? end : hour.plus(Duration.ofHours(1));
    }

    /** The agreement as it would be under other prices: they take the place of all there are of their plan and currency. */
    public Agreement under(List<PriceList> lists) {
        List<Agreed> changed = new ArrayList<>();
        for (int i = 0; i < agreed.size(); i++) {
            Agreed one = agreed.get(i);
            PriceList prices = one.prices();
            List<PriceList> others = lists.stream()
                    .filter(list -> prices != null
                            && list.plan().equals(prices.plan())
                            && list.currency().equals(prices.currency()))
                    .toList();
            if (others.isEmpty()) {
                changed.add(one);
            } else {
                changed.addAll(byTime(
                        one.since(), i + 1 < agreed.size() ? agreed.get(i + 1).since() : null, others));
            }
        }
        return new Agreement(changed, trialUntil, overrides, pauses, offers, faults);
    }

    /** The agreement with other prices from an instant on. */
    public Agreement with(Instant since, PriceList prices) {
        List<Agreed> changed = new ArrayList<>(agreed);
        changed.add(new Agreed(since, prices));
        return new Agreement(changed, trialUntil, overrides, pauses, offers, faults);
    }

    /** When the first prices began to hold; empty when nothing was ever agreed on. */
    public Optional<Instant> since() {
        return agreed.stream().map(Agreed::since).findFirst();
    }

    /** In which currency the tenant pays at an instant; of a time before or after everything that was agreed on, the nearest. */
    public Optional<Currency> currencyAt(Instant at) {
        Currency found = null;
        for (Agreed one : agreed) {
            PriceList prices = one.prices();
            if (prices != null && (found == null || !one.since().isAfter(at))) {
                found = prices.currency();
            }
        }
        return Optional.ofNullable(found);
    }

    /** Whether nothing is agreed on any more at an instant. */
    public boolean hasEnded(Instant at) {
        boolean ended = false;
        for (Agreed one : agreed) {
            if (!one.since().isAfter(at)) {
                ended = one.prices() == null;
            }
        }
        return ended;
    }

    /** What the tenant would agree to if it came onto a plan at an instant; empty when that has no prices for it. */
    public Optional<PriceList> offer(String plan, Instant at) {
        return hasEnded(at) ? Optional.empty() : currencyAt(at).flatMap(pays -> offers.offered(plan, pays, at));
    }

    /**
     * The terms of a period. Its beginning, everything that was agreed on, beginnings and ends of overrides, the end of a
     * trial and the end of a suspension each begin a new term. In no term: a time before everything that was agreed on, a
     * time after its end, and the time of a suspension.
     */
    public List<Term> terms(BillingPeriod period) {
        TreeSet<Instant> edges = new TreeSet<>();
        agreed.forEach(one -> edges.add(one.since()));
        overrides.forEach(own -> {
            edges.add(own.from());
            if (own.until() != null) {
                edges.add(own.until());
            }
        });
        pauses.forEach(pause -> {
            edges.add(pause.from());
            if (pause.until() != null) {
                edges.add(pause.until());
            }
        });
        if (trialUntil != null) {
            edges.add(trialUntil);
        }
        List<Instant> cuts = new ArrayList<>(edges.subSet(period.from(), false, period.to(), false));
        cuts.addFirst(period.from());
        cuts.add(period.to());
        List<Term> terms = new ArrayList<>();
        for (int i = 0; i + 1 < cuts.size(); i++) {
            Instant from = cuts.get(i);
            Instant to = cuts.get(i + 1);
            Term.Phase phase = trialUntil != null && from.isBefore(trialUntil) ? Term.Phase.TRIAL : Term.Phase.PAID;
            if (pauses.stream().noneMatch(pause -> pause.holds(from))) {
                pricesAt(from).ifPresent(prices -> append(terms, new Term(prices, from, to, phase)));
            }
        }
        return List.copyOf(terms);
    }

    /** What holds at an instant, the tenant's own prices over those it agreed to; empty when nothing does. */
    public Optional<PriceList> pricesAt(Instant at) {
        PriceList found = null;
        for (Agreed one : agreed) {
            if (!one.since().isAfter(at)) {
                found = one.prices();
            }
        }
        if (found == null) {
            return Optional.empty();
        }
        PriceOverride own = null;
        for (PriceOverride override : overrides) {
            if (override.isInForce(at) && override.currency().equals(found.currency())) {
                own = override;
            }
        }
        return Optional.of(own == null ? found : own.over(found));
    }

    private static void append(List<Term> terms, Term term) {
        if (!terms.isEmpty()) {
            Term last = terms.getLast();
            if (last.to().equals(term.from()) && last.prices().equals(term.prices()) && last.phase() == term.phase()) {
                terms.set(terms.size() - 1, new Term(last.prices(), last.from(), term.to(), last.phase()));
                return;
            }
        }
        terms.add(term);
    }
}
