package dev.gatehouse.listings.store;

import dev.gatehouse.kernel.event.ListingState;
import dev.gatehouse.kernel.sandbox.SandboxHomes;
import dev.gatehouse.runtime.sql.Database;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** The sandbox's homes as rows. They are in no event and no snapshot, so that no live key ever meets them. */
public final class SandboxTable {
    static final String NAME = "sandbox_listing";

    private SandboxTable() {}

    /** Makes the table say what this program's sandbox says. */
    public static void fill(Database database) {
        database.jdbi().useTransaction(transaction -> {
            // one process after the other, while all go on reading
            transaction.execute("LOCK TABLE " + NAME + " IN SHARE ROW EXCLUSIVE MODE");
            transaction.execute("DELETE FROM " + NAME);
            insert(transaction);
        });
    }

    private static void insert(Handle transaction) {
        PreparedBatch rows = transaction.prepareBatch("INSERT INTO " + NAME + """
                     (listing_key, property_key, originating_system, status, property_type, property_sub_type, list_price,
                    close_price, listing_contract_date, close_date, address, unit, city, postal_code, county, state,
                    location, bedrooms, bathrooms_full, bathrooms_half, living_area, lot_size, year_built, stories,
                    assessed_value, entered_at, modified_at)
                VALUES (:listingKey, :propertyKey, :originatingSystemName, :standardStatus, :propertyType,
                    :propertySubType, :listPrice, :closePrice, :listingContractDate, :closeDate, :unparsedAddress,
                    :unitNumber, :city, :postalCode, :countyOrParish, :stateOrProvince, point(:longitude, :latitude),
                    :bedroomsTotal, :bathroomsFull, :bathroomsHalf, :livingArea, :lotSizeSquareFeet, :yearBuilt,
                    :storiesTotal, :taxAssessedValue, :enteredAt, :modifiedAt)
                """);
        for (ListingState home : SandboxHomes.listings()) {
            rows.bindMethods(home)
                    .bind("enteredAt", at(home.originalEntryTimestamp()))
                    .bind("modifiedAt", at(home.modificationTimestamp()))
                    .add();
        }
        rows.execute();
    }

    private static OffsetDateTime at(@Nullable Instant instant) {
        return OffsetDateTime.ofInstant(Objects.requireNonNull(instant), ZoneOffset.UTC);
    }
}
