package dev.gatehouse.billing.price;

import java.time.Instant;
import java.util.Comparator;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All prices that there are, and since when each is known. It says what a tenant that comes onto a plan now agrees to; what
 * was agreed to before is never read from it. Pure.
 */
public record Catalogue(List<Listed> lists) {
    /**
     * A version of prices.
     *
     * @param knownSince when it was put into the book
     */
    public record Listed(PriceList list, Instant knownSince) {}

    public Catalogue {
        lists = lists.stream()
                .sorted(Comparator.comparing(Listed::knownSince)
                        .thenComparing(listed -> listed.list().startsAt())
                        .thenComparing(listed -> listed.list().version())
                        .thenComparing(listed -> listed.list().currency().getCurrencyCode()))
                .toList();
    }

    /** Lists that were always known. */
    public static Catalogue of(List<PriceList> lists) {
        return new Catalogue(
                lists.stream().map(list -> new Listed(list, Instant.EPOCH)).toList());
    }

    public List<PriceList> prices() {
        return lists.stream().map(Listed::list).toList();
    }

    /**
     * What a tenant that came onto a plan at an instant agreed to: of the versions known by then the newest that had begun.
     *
     * @return empty when the plan has no prices in the currency, or none that had begun
     */
    public Optional<PriceList> offered(String plan, Currency currency, Instant at) {
        List<PriceList> known = known(plan, at);
        List<PriceList> ours =
                known.stream().filter(list -> list.currency().equals(currency)).toList();
        Optional<PriceList> begun =
                ours.stream().filter(list -> !list.startsAt().isAfter(at)).max(BY_START);
        // a time before all of a plan's prices has its first ones
        return begun.isPresent()
                        || known.stream().anyMatch(list -> !list.startsAt().isAfter(at))
                ? begun
                : ours.stream().min(BY_START);
    }

    /**
     * The currency in which a tenant pays that begins with a plan: the one that the plan states, where it has prices in it,
     * or else that of the prices that were there first.
     *
     * @param stated null where the plan states none
     */
    public Optional<Currency> currencyOf(String plan, @Nullable Currency stated, Instant at) {
        if (stated != null && offered(plan, stated, at).isPresent()) {
            return Optional.of(stated);
        }
        return known(plan, at).stream()
                .map(PriceList::currency)
                .filter(currency -> offered(plan, currency, at).isPresent())
                .findFirst();
    }

    /** What was in the book by then; what came first, for a time before the book. */
    private List<PriceList> known(String plan, Instant at) {
        List<Listed> all = lists.stream()
                .filter(listed -> listed.list().plan().equals(plan))
                .toList();
        Instant until = all.stream().anyMatch(listed -> !listed.knownSince().isAfter(at))
                ? at
                : all.stream().map(Listed::knownSince).findFirst().orElse(at);
        return all.stream()
                .filter(listed -> !listed.knownSince().isAfter(until))
                .map(Listed::list)
                .toList();
    }

    static final Comparator<PriceList> BY_START =
            Comparator.comparing(PriceList::startsAt).thenComparing(PriceList::version);
}
