package dev.gatehouse.sdk.enrichment;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** A home that may be meant. @param score 0 to 1; ask again with the {@code propertyKey} of the one that is */
@JsonNaming(PropertyNamingStrategies.UpperCamelCaseStrategy.class)
public record Candidate(
        String propertyKey,
        @Nullable String unparsedAddress,
        @Nullable String unitNumber,
        @Nullable String city,
        @Nullable String postalCode,
        @Nullable String stateOrProvince,
        @JsonProperty("score") BigDecimal score) {}
