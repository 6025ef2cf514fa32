package dev.gatehouse.signals;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.event.ListingState;
import dev.gatehouse.runtime.json.Json;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A listing that a test moves about; each move is the event that the listings service would say. */
final class HomeOnMarket {
    final String key;
    String status = "Active";
    String propertyType = "Residential";

    @Nullable
    String city = "Toledo";

    @Nullable
    String postalCode = "43604";

    @Nullable
    BigDecimal listPrice = BigDecimal.valueOf(200_000);

    @Nullable
    BigDecimal closePrice;

    @Nullable
    BigDecimal livingArea = BigDecimal.valueOf(1_600);

    @Nullable
    LocalDate contractDate;

    @Nullable
    LocalDate closeDate;

    @Nullable
    Instant entered;

    double latitude = 41.65;
    double longitude = -83.54;
    private int said;

    HomeOnMarket(String key) {
        this.key = key;
    }

    HomeOnMarket asking(long dollars) {
        listPrice = BigDecimal.valueOf(dollars);
        return this;
    }

    HomeOnMarket in(String zip) {
        postalCode = zip;
        return this;
    }

    DomainEvent listed(Instant at) {
        contractDate = day(at);
        return created(at);
    }

    DomainEvent created(Instant at) {
        entered = at;
        return say(DomainEvent.LISTING_CREATED, at, null, null);
    }

    DomainEvent price(Instant at, long dollars) {
        BigDecimal old = listPrice;
        listPrice = BigDecimal.valueOf(dollars);
        return say(DomainEvent.LISTING_PRICE_CHANGED, at, old, null);
    }

    DomainEvent status(Instant at, String now) {
        String old = status;
        status = now;
        return say(DomainEvent.LISTING_STATUS_CHANGED, at, null, old);
    }

    /** The change of status that comes before {@link #sale}. */
    DomainEvent closed(Instant at, long dollars) {
        closePrice = BigDecimal.valueOf(dollars);
        closeDate = day(at);
        return status(at, "Closed");
    }

    DomainEvent sale(Instant at) {
        return say(DomainEvent.SALE_RECORDED, at, null, null);
    }

    /** A sale that was never seen on the market. */
    DomainEvent imported(Instant at, LocalDate sold, long dollars) {
        status = "Closed";
        closePrice = BigDecimal.valueOf(dollars);
        closeDate = sold;
        entered = at;
        return sale(at);
    }

    DomainEvent updated(Instant at) {
        return say(DomainEvent.PROPERTY_UPDATED, at, null, null);
    }

    DomainEvent removed(Instant at) {
        String old = status;
        status = "Delete";
        return say(DomainEvent.LISTING_REMOVED, at, null, old);
    }

    private DomainEvent say(
            String type, Instant at, @Nullable BigDecimal previousPrice, @Nullable String previousStatus) {
        said++;
        ListingState state = new ListingState(
                key,
                "property-of-" + key,
                "test",
                status,
                listPrice,
                closePrice,
                contractDate,
                closeDate,
                "1 " + key + " Street",
                null,
                city,
                postalCode,
                "Lucas",
                "OH",
                latitude,
                longitude,
                propertyType,
                null,
                3,
                2,
                2,
                0,
                livingArea,
                null,
                1950,
                null,
                null,
                null,
                entered,
                at,
                previousPrice,
                previousStatus,
                List.of());
        return new DomainEvent(0, "evt_" + key + "_" + said, type, "listings", key, at, null, Json.text(state));
    }

    static LocalDate day(Instant at) {
        return LocalDate.ofInstant(at, ZoneOffset.UTC);
    }
}
