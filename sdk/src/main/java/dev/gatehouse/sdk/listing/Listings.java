package dev.gatehouse.sdk.listing;

import dev.gatehouse.sdk.call.Call;
import dev.gatehouse.sdk.call.Caller;
import dev.gatehouse.sdk.call.One;
import dev.gatehouse.sdk.call.Page;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code /v2/listings}. */
public final class Listings {
    private static final String PATH = "/v2/listings";

    private final Caller caller;

    public Listings(Caller caller) {
        this.caller = caller;
    }

    /** Everything that is found, over all pages. */
    public Stream<Listing> search(ListingQuery query) {
        return Page.stream(cursor -> page(query, cursor, 200));
    }

    /**
     * One page.
     *
     * @param cursor of the page before; null for the first
     * @param limit 1 to 500
     */
    public Page<Listing> page(ListingQuery query, @Nullable String cursor, int limit) {
        return caller.page(
                Call.get(PATH).with(query.parameters()).with("limit", limit).with("cursor", cursor), Listing.class);
    }

    public One<Listing> get(String listingKey) {
        return caller.one(Call.get(PATH + "/" + Call.encoded(listingKey)), Listing.class);
    }
}
