package dev.gatehouse.sdk.enrichment;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a home; null for what is not known, and for what your plan does not include. Prices are US dollars, areas
 * square feet.
 *
 * @param closePrice what it was last sold for, on {@code closeDate}
 * @param valuation null when it cannot be valued
 */
@JsonNaming(PropertyNamingStrategies.UpperCamelCaseStrategy.class)
public record EnrichedHome(
        String propertyKey,
        String originatingSystemName,
        @Nullable String unparsedAddress,
        @Nullable String unitNumber,
        @Nullable String city,
        @Nullable String postalCode,
        @Nullable String countyOrParish,
        @Nullable String stateOrProvince,
        @Nullable Double latitude,
        @Nullable Double longitude,
        @Nullable String propertyType,
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
        @Nullable BigDecimal closePrice,
        @Nullable LocalDate closeDate,
        @JsonProperty("area") @Nullable Around area,
        @JsonProperty("valuation") @Nullable Valuation valuation) {

    /** Sales around, over the twelve months up to the area's last known sale. */
    public record Around(
            String area,
            LocalDate through,
            int sales,
            BigDecimal medianPrice,
            @Nullable BigDecimal medianPricePerSquareFoot) {}

    /**
     * What it is worth: the weighted geometric mean of the comparables' adjusted prices.
     *
     * @param low with {@code high} the band that held four of five later sales
     * @param confidence the share of homes with a band about as wide whose sale fell within 10 % of the value
     * @param asOf the day for which it holds
     */
    public record Valuation(
            BigDecimal value,
            BigDecimal low,
            BigDecimal high,
            BigDecimal confidence,
            LocalDate asOf,
            List<Comparable> comparables,
            Model model) {
        public Valuation {
            comparables = List.copyOf(comparables);
        }
    }

    /**
     * A sale that a value rests on.
     *
     * @param distance metres
     * @param adjustedPrice what it would have cost had it been like the home and sold on the value's day
     * @param weight its share of the value; all together are 1
     */
    public record Comparable(
            @JsonProperty("ListingKey") String listingKey,
            @JsonProperty("PropertyKey") String propertyKey,
            @JsonProperty("ClosePrice") BigDecimal closePrice,
            @JsonProperty("CloseDate") LocalDate closeDate,
            @JsonProperty("LivingArea") BigDecimal livingArea,
            @JsonProperty("YearBuilt") int yearBuilt,
            BigDecimal distance,
            BigDecimal adjustedPrice,
            BigDecimal weight) {}

    /**
     * The model that valued it.
     *
     * @param medianError judged by later sales; null when there were too few
     * @param inBand the share of those between low and high
     */
    public record Model(
            String name,
            String version,
            LocalDate trainedThrough,
            int sales,
            @Nullable BigDecimal medianError,
            @Nullable BigDecimal inBand) {}
}
