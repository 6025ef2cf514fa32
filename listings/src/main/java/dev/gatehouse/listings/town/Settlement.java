package dev.gatehouse.listings.town;

import dev.gatehouse.listings.ImportReport;
import dev.gatehouse.listings.load.Incoming;
import dev.gatehouse.listings.load.ListingSink;
import java.util.List;
import java.util.Map;

/** Brings the town into the listings, as an import would: each batch with its events in one transaction. */
public final class Settlement {
    private static final int BATCH = 5_000;

    private Settlement() {}

    /** @param run names it, unlike any other */
    public static ImportReport settle(ListingSink sink, String run, List<Incoming> sales) {
        long accepted = 0;
        long unchanged = 0;
        for (int from = 0; from < sales.size(); from += BATCH) {
            ListingSink.Taken taken = sink.take(run, sales.subList(from, Math.min(sales.size(), from + BATCH)));
            accepted += taken.accepted();
            unchanged += taken.unchanged();
        }
        sink.finish(run);
        return new ImportReport(sales.size(), accepted, unchanged, 0, Map.of());
    }
}
