package dev.gatehouse.sdk.listing;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** A home on the market or sold, by the names of the RESO Data Dictionary. US dollars and square feet. */
@JsonNaming(PropertyNamingStrategies.UpperCamelCaseStrategy.class)
public record Listing(
        String listingKey,
        @Nullable String propertyKey,
        @Nullable String originatingSystemName,
        @Nullable String standardStatus,
        @Nullable String propertyType,
        @Nullable String propertySubType,
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
        @Nullable Integer bedroomsTotal,
        @Nullable Integer bathroomsTotalInteger,
        @Nullable BigDecimal livingArea,
        @Nullable BigDecimal lotSizeSquareFeet,
        @Nullable Integer yearBuilt,
        @Nullable BigDecimal taxAssessedValue,
        @Nullable Instant modificationTimestamp) {}
