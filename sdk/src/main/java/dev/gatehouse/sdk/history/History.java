package dev.gatehouse.sdk.history;

import dev.gatehouse.sdk.call.Call;
import dev.gatehouse.sdk.call.Caller;
import dev.gatehouse.sdk.call.One;
import dev.gatehouse.sdk.call.Page;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code /v2/properties/{PropertyKey}/history} and {@code /v2/markets/{area}/price-index}. */
public final class History {
    private final Caller caller;

    public History(Caller caller) {
        this.caller = caller;
    }

    /** Everything that happened to a home, the oldest first, over all pages. */
    public Stream<Change> of(String propertyKey) {
        return Page.stream(cursor -> page(propertyKey, null, null, null, cursor, 200));
    }

    /** A part of it. */
    public Stream<Change> of(String propertyKey, Part part) {
        return Page.stream(cursor -> page(propertyKey, part, null, null, cursor, 200));
    }

    /**
     * One page.
     *
     * @param part null for everything
     * @param from the first day, UTC; null for the first there is
     * @param to the last day; null for the last there is
     * @param cursor of the page before; null for the first
     * @param limit 1 to 500
     */
    public Page<Change> page(
            String propertyKey,
            @Nullable Part part,
            @Nullable LocalDate from,
            @Nullable LocalDate to,
            @Nullable String cursor,
            int limit) {
        String path = "/v2/properties/" + Call.encoded(propertyKey) + "/history";
        return caller.page(
                Call.get(part == null ? path : path + "/" + part.text())
                        .with("from", from)
                        .with("to", to)
                        .with("limit", limit)
                        .with("cursor", cursor),
                Change.class);
    }

    /** The index of all months. @param area as in {@code county:lucas-oh} or {@code zip:43604} */
    public One<PriceIndex> priceIndex(String area) {
        return priceIndex(area, null, null);
    }

    /**
     * @param from the first month; null for the first there is
     * @param to the last month; null for the last there is
     */
    public One<PriceIndex> priceIndex(String area, @Nullable YearMonth from, @Nullable YearMonth to) {
        return caller.one(
                Call.get("/v2/markets/" + Call.encoded(area) + "/price-index")
                        .with("from", from)
                        .with("to", to),
                PriceIndex.class);
    }
}
