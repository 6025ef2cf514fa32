package dev.gatehouse.signals.store;

import dev.gatehouse.signals.market.Home;
import dev.gatehouse.signals.market.MarketChange;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The changes of very many homes, brought into the figures by the piece: an area-month is written whole each time, so that the
 * fewer pieces there are the less often each of the large ones is written. Bounded in memory. To be applied at the end.
 */
final class GatheredChange {
    /** Area-months gathered before they are written; about half a kilobyte each. */
    private static final int MOST_CELLS = 100_000;

    private final Handle transaction;
    private final int most;
    private MarketChange change = new MarketChange();

    GatheredChange(Handle transaction) {
        this(transaction, MOST_CELLS);
    }

    /** @param most area-months gathered before they are written */
    GatheredChange(Handle transaction, int most) {
        this.transaction = transaction;
        this.most = most;
    }

    void note(@Nullable Home before, Home after) {
        change.note(before, after);
        if (change.cells().size() >= most) {
            apply();
        }
    }

    /** Writes what is gathered and not written yet. */
    void apply() {
        MarketRows.apply(transaction, change);
        change = new MarketChange();
    }
}
