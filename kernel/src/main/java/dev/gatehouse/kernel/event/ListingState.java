package dev.gatehouse.kernel.event;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of every event about a home: all that is known of it and of its listing once the event has happened, by the
 * names of the RESO Data Dictionary, so that a consumer needs to ask nobody. As JSON the names begin with a capital
 * ({@code ListingKey}), and what is not known is left out.
 *
 * @param listingKey null in {@code property.created}, which is about no listing
 * @param originatingSystemName who says so: {@link #SIMULATOR} and {@link #TOWN} are no real homes' sources
 * @param livingArea square feet
 * @param lotSizeSquareFeet square feet
 * @param simulatedPriceFactor times the home's last sale price is the first list price; only of simulated listings
 * @param originalEntryTimestamp when the listing was first stored
 * @param modificationTimestamp when it was last changed there; of two states of one listing the one with the greater sequence counts
 * @param previousListPrice of {@code listing.price_changed}
 * @param previousStatus of {@code listing.status_changed} and {@code listing.removed}
 * @param changes what differs from the state before, of an event that tells of a change
 */
public record ListingState(
        @Nullable String listingKey,
        String propertyKey,
        String originatingSystemName,
        @Nullable String standardStatus,
        @Nullable BigDecimal listPrice,
        @Nullable BigDecimal closePrice,
        @Nullable LocalDate listingContractDate,
        @Nullable LocalDate closeDate,
        @Nullable String unparsedAddress,
        @Nullable String unitNumber,
        @Nullable String city,
        @Nullable String postalCode,
        @Nullable String countyOrParish,
        @Nullable String stateOrProvince,
        @Nullable Double latitude,
        @Nullable Double longitude,
        String propertyType,
        @Nullable String propertySubType,
        @Nullable Integer bedroomsTotal,
        @Nullable Integer bathroomsTotalInteger,
        @Nullable Integer bathroomsFull,
        @Nullable Integer bathroomsHalf,
        @Nullable BigDecimal livingArea,
        @Nullable BigDecimal lotSizeSquareFeet,
        @Nullable Integer yearBuilt,
        @Nullable BigDecimal storiesTotal,
        @Nullable BigDecimal taxAssessedValue,
        @Nullable BigDecimal simulatedPriceFactor,
        @Nullable Instant originalEntryTimestamp,
        @Nullable Instant modificationTimestamp,
        @Nullable BigDecimal previousListPrice,
        @Nullable String previousStatus,
        List<FieldChange> changes) {

    /** The source of listings that the market simulator made: they never enter training, index or accuracy figures. */
    public static final String SIMULATOR = "gatehouse-simulator";

    /** The source of the generated town: its homes and sales are invented, and consistent among themselves. */
    public static final String TOWN = "gatehouse-town";

    @SuppressWarnings("ConstantValue") // null where JSON leaves it out
    public ListingState {
        changes = changes == null ? List.of() : List.copyOf(changes);
    }

    /** Whether the market simulator made it. */
    public boolean isSimulated() {
        return originatingSystemName.equals(SIMULATOR);
    }
}
