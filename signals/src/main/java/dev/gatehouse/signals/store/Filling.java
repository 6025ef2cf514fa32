package dev.gatehouse.signals.store;

import dev.gatehouse.signals.market.Home;
import dev.gatehouse.signals.market.Timeline;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;

/**
 * How this service was filled when it was new. A snapshot says what each home is, and not how it came there: the price cuts
 * and changes of status before it are read from the feed afterwards, beside the live events, and their signals are kept
 * without being told. What comes of it is what a service would have that had been there all the time.
 */
final class Filling {
    private static final int PIECE = 5_000;

    private Filling() {}

    /** The last sequence that was there before this service: the snapshot's; 0 for a service that was never filled. */
    static long quietUntil(Handle handle) {
        return handle.createQuery("SELECT quiet_until FROM filling")
                .mapTo(Long.class)
                .findOne()
                .orElse(0L);
    }

    /** Notes, in the transaction that takes a snapshot, where the snapshot ends. @return that sequence */
    static long begin(Handle transaction) {
        long place = transaction
                .createQuery("SELECT sequence FROM feed_cursor")
                .mapTo(Long.class)
                .one();
        transaction
                .createUpdate(
                        "INSERT INTO filling (arithmetic, quiet_until) VALUES (:arithmetic, :quiet) ON CONFLICT DO NOTHING")
                .bind("arithmetic", Timeline.ARITHMETIC)
                .bind("quiet", place)
                .execute();
        return place;
    }

    /** Up to where the time before the snapshot was read; empty when all of it was, or there is none. */
    static OptionalLong past(Handle handle) {
        return handle.createQuery("SELECT past_at FROM filling WHERE past_at < quiet_until")
                .mapTo(Long.class)
                .findOne()
                .map(OptionalLong::of)
                .orElseGet(OptionalLong::empty);
    }

    static void pastReached(Handle transaction, long sequence) {
        transaction
                .createUpdate("UPDATE filling SET past_at = :sequence")
                .bind("sequence", sequence)
                .execute();
    }

    /** Makes all figures anew from the homes, when they are of another arithmetic. */
    static void keepUp(Handle transaction) {
        lock(transaction);
        Optional<Integer> arithmetic = transaction
                .createQuery("SELECT arithmetic FROM filling")
                .mapTo(Integer.class)
                .findOne();
        if (arithmetic.isPresent() && arithmetic.get() != Timeline.ARITHMETIC) {
            remake(transaction);
            transaction
                    .createUpdate("UPDATE filling SET arithmetic = :arithmetic")
                    .bind("arithmetic", Timeline.ARITHMETIC)
                    .execute();
        }
    }

    /** Makes all figures anew from the homes. */
    static void remake(Handle transaction) {
        lock(transaction);
        MarketRows.removeAll(transaction);
        GatheredChange figures = new GatheredChange(transaction);
        String key = "";
        for (List<Home> piece = HomeRows.after(transaction, key, PIECE);
                !piece.isEmpty();
                piece = HomeRows.after(transaction, key, PIECE)) {
            piece.forEach(home -> figures.note(null, home));
            key = piece.getLast().listingKey();
        }
        figures.apply();
    }

    /** As a consumer of the feed does while it applies events: nobody else writes figures. */
    static void lock(Handle transaction) {
        transaction.execute("SELECT sequence FROM feed_cursor FOR UPDATE");
    }
}
