package dev.gatehouse.listings.answer;

import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.listings.Listing;
import dev.gatehouse.listings.Listings;
import dev.gatehouse.listings.StandardStatus;
import dev.gatehouse.listings.store.PostgresSnapshot;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.api.ApiRouter;
import dev.gatehouse.runtime.feed.SnapshotLines;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.http.Router;
import java.util.Map;
import java.util.Optional;

/** Serves {@code internal.yaml}: changes that other processes of the installation ask for. */
public final class InternalListings {
    private final Listings listings;
    private final PostgresSnapshot snapshot;

    public InternalListings(Listings listings, PostgresSnapshot snapshot) {
        this.listings = listings;
        this.snapshot = snapshot;
    }

    public void mount(Router router) {
        ApiRouter.mount(
                router,
                ApiDescription.resource(InternalListings.class, "internal.yaml"),
                Map.of("changePrice", this::price, "changeStatus", this::status, "getSnapshot", this::snapshot));
    }

    private Response price(ApiCall call) {
        return done(listings.changePrice(key(call), call.json().path("price").decimalValue()));
    }

    private Response status(ApiCall call) {
        return done(listings.changeStatus(
                key(call),
                StandardStatus.of(call.json().path("status").asText()).orElseThrow()));
    }

    private Response snapshot(ApiCall call) {
        return Response.stream(200, SnapshotLines.MEDIA_TYPE, snapshot::writeTo);
    }

    private static String key(ApiCall call) {
        return call.text("ListingKey").orElseThrow();
    }

    private static Response done(Optional<Listing> listing) {
        if (listing.isEmpty()) {
            throw new ProblemException(ProblemCode.NOT_FOUND, "There is no listing with this key.");
        }
        return Response.noContent();
    }
}
