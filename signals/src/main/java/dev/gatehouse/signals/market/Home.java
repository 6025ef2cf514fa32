package dev.gatehouse.signals.market;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One listing as this service knows it: what it is now, and every step that led there. It is the same whatever the order in
 * which its events were seen: what it is now comes of the event with the highest sequence, and the steps are a set.
 *
 * @param livingArea square feet
 * @param version the sequence of the event or snapshot that {@code terms} and facts are of
 * @param moves by sequence
 * @param staleDays the level of {@code stale_listing} that was raised for its present stay on the market; 0 for none
 */
public record Home(
        String listingKey,
        String propertyKey,
        @Nullable String originatingSystem,
        @Nullable String address,
        Site site,
        @Nullable String propertyType,
        @Nullable BigDecimal livingArea,
        Terms terms,
        long version,
        List<Move> moves,
        int staleDays) {

    public Home {
        moves = List.copyOf(moves);
    }

    public Phase phase() {
        return Phase.of(terms.status());
    }

    /** What is known of it after another event or snapshot said something of it. */
    public Home with(Home said) {
        List<Move> all = new ArrayList<>(moves);
        for (Move move : said.moves) {
            if (all.stream().noneMatch(known -> known.sequence() == move.sequence() && known.kind() == move.kind())) {
                all.add(move);
            }
        }
        all.sort(Comparator.comparingLong(Move::sequence).thenComparing(Move::kind));
        Home newest = said.version >= version ? said : this;
        return new Home(
                listingKey,
                newest.propertyKey,
                newest.originatingSystem,
                newest.address,
                newest.site,
                newest.propertyType,
                newest.livingArea,
                newest.terms,
                newest.version,
                all,
                newest.phase() == Phase.ON_MARKET ? staleDays : 0);
    }

    /** As a snapshot has it: what it is, without the steps that led there. */
    public Home asOf(long sequence) {
        return new Home(
                listingKey,
                propertyKey,
                originatingSystem,
                address,
                site,
                propertyType,
                livingArea,
                terms,
                sequence,
                List.of(),
                staleDays);
    }

    public Home withStaleDays(int days) {
        return new Home(
                listingKey,
                propertyKey,
                originatingSystem,
                address,
                site,
                propertyType,
                livingArea,
                terms,
                version,
                moves,
                days);
    }
}
