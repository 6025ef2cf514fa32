package dev.gatehouse.enrichment.answer;

import dev.gatehouse.enrichment.AreaFigures;
import dev.gatehouse.enrichment.Enriched;
import dev.gatehouse.enrichment.Home;
import dev.gatehouse.enrichment.address.Choice;
import dev.gatehouse.enrichment.valuation.Comparable;
import dev.gatehouse.enrichment.valuation.Valuation;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Homes as v2 shows them to a caller.
 *
 * @param groups field groups of the caller's plan; {@code *} means all
 */
public record Shown(Set<String> groups) {
    private static final String LOCATION = "location";
    private static final String ASSESSMENT = "assessment";
    private static final String VALUATION = "valuation";
    private static final String ALL = "*";

    public Shown {
        groups = Set.copyOf(groups);
    }

    /** Whether the caller's plan includes values, so that there is one to work out. */
    public boolean hasValuation() {
        return has(VALUATION);
    }

    private boolean has(String group) {
        return groups.contains(ALL) || groups.contains(group);
    }

    /** The home's fields, the area's figures and the value, as far as the plan goes. */
    public Map<String, @Nullable Object> data(Enriched enriched) {
        Home home = enriched.home();
        Home.Place place = home.place();
        Home.Structure structure = home.structure();
        Home.LastSale sale = home.lastSale();
        Map<String, @Nullable Object> data = new LinkedHashMap<>();
        data.put("PropertyKey", home.propertyKey());
        data.put("OriginatingSystemName", home.originatingSystem());
        data.put("UnparsedAddress", place.address());
        data.put("UnitNumber", place.unit());
        data.put("City", place.city());
        data.put("PostalCode", place.postalCode());
        data.put("CountyOrParish", place.county());
        data.put("StateOrProvince", place.state());
        if (has(LOCATION)) {
            data.put("Latitude", place.latitude());
            data.put("Longitude", place.longitude());
        }
        data.put("PropertyType", structure.propertyType());
        data.put("PropertySubType", structure.propertySubType());
        data.put("BedroomsTotal", structure.bedrooms());
        data.put("BathroomsTotalInteger", structure.bathrooms());
        data.put("BathroomsFull", structure.bathroomsFull());
        data.put("BathroomsHalf", structure.bathroomsHalf());
        data.put("LivingArea", structure.livingArea());
        data.put("LotSizeSquareFeet", structure.lotSize());
        data.put("YearBuilt", structure.yearBuilt());
        data.put("StoriesTotal", structure.stories());
        if (has(ASSESSMENT)) {
            data.put("TaxAssessedValue", structure.assessedValue());
        }
        data.put("ClosePrice", sale == null ? null : sale.price());
        data.put("CloseDate", sale == null ? null : sale.date());
        data.put("area", area(enriched.area()));
        if (hasValuation()) {
            data.put("valuation", valuation(enriched.valued()));
        }
        return data;
    }

    /** Names of the fields that the plan does not include. */
    public List<String> absent() {
        List<String> absent = new ArrayList<>();
        if (!has(LOCATION)) {
            absent.addAll(List.of("Latitude", "Longitude"));
        }
        if (!has(ASSESSMENT)) {
            absent.add("TaxAssessedValue");
        }
        if (!hasValuation()) {
            absent.add(VALUATION);
        }
        return absent;
    }

    private static @Nullable Map<String, @Nullable Object> area(@Nullable AreaFigures figures) {
        if (figures == null) {
            return null;
        }
        Map<String, @Nullable Object> area = new LinkedHashMap<>();
        area.put("area", figures.area());
        area.put("through", figures.through());
        area.put("sales", figures.sales());
        area.put("medianPrice", figures.medianPrice());
        area.put("medianPricePerSquareFoot", figures.medianPricePerSquareFoot());
        return area;
    }

    private static @Nullable Map<String, @Nullable Object> valuation(Enriched.@Nullable Valued valued) {
        if (valued == null) {
            return null;
        }
        Valuation value = valued.valuation();
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("value", Math.round(value.value()));
        shown.put("low", Math.round(value.low()));
        shown.put("high", Math.round(value.high()));
        shown.put("confidence", rounded(value.confidence(), 2));
        shown.put("asOf", value.asOf());
        shown.put(
                "comparables",
                value.comparables().stream().map(Shown::comparable).toList());
        shown.put("model", valued.model());
        return shown;
    }

    private static Map<String, @Nullable Object> comparable(Comparable comparable) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("ListingKey", comparable.sale().listingKey());
        shown.put("PropertyKey", comparable.sale().propertyKey());
        shown.put("ClosePrice", rounded(comparable.sale().price(), 0));
        shown.put("CloseDate", comparable.sale().date());
        shown.put("LivingArea", rounded(comparable.sale().home().livingArea(), 0));
        shown.put("YearBuilt", comparable.sale().home().yearBuilt());
        shown.put("distance", Math.round(comparable.distance()));
        shown.put("adjustedPrice", Math.round(comparable.adjustedPrice()));
        shown.put("weight", rounded(comparable.weight(), 5));
        return shown;
    }

    /** What a caller needs to choose among homes: never more than that. */
    public static List<Map<String, @Nullable Object>> candidates(List<Choice.Candidate<Home>> candidates) {
        return candidates.stream()
                .map(candidate -> {
                    Home.Place place = candidate.value().place();
                    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
                    shown.put("PropertyKey", candidate.value().propertyKey());
                    shown.put("UnparsedAddress", place.address());
                    shown.put("UnitNumber", place.unit());
                    shown.put("City", place.city());
                    shown.put("PostalCode", place.postalCode());
                    shown.put("StateOrProvince", place.state());
                    shown.put("score", rounded(candidate.score(), 2));
                    return shown;
                })
                .toList();
    }

    static BigDecimal rounded(double value, int digits) {
        return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP);
    }
}
