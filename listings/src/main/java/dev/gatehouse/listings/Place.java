package dev.gatehouse.listings;

import org.jspecify.annotations.Nullable;

/**
 * Where a home is, as far as its source says.
 *
 * @param latitude degrees, WGS 84; null together with {@code longitude}
 */
public record Place(
        @Nullable String address,
        @Nullable String unit,
        @Nullable String city,
        @Nullable String postalCode,
        @Nullable String county,
        @Nullable String state,
        @Nullable Double latitude,
        @Nullable Double longitude) {}
