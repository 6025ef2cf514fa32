package dev.gatehouse.sdk.enrichment;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A row of a job: exactly one of address, place or key.
 *
 * @param id your own, which comes back with the row's answer
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Asked(
        @Nullable String id,
        @Nullable String address,
        @Nullable Double lat,
        @Nullable Double lon,
        @JsonProperty("PropertyKey") @Nullable String propertyKey) {

    public static Asked byAddress(String id, String address) {
        return new Asked(id, address, null, null, null);
    }

    /** Degrees, WGS 84. */
    public static Asked byPlace(String id, double latitude, double longitude) {
        return new Asked(id, null, latitude, longitude, null);
    }

    public static Asked byKey(String id, String propertyKey) {
        return new Asked(id, null, null, null, propertyKey);
    }
}
