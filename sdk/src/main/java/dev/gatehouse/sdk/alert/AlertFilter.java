package dev.gatehouse.sdk.alert;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which signals an alert wants; what is empty or null asks nothing, everything else must hold.
 *
 * @param types any of these, as in {@code price_cut}
 * @param areas any of these, as in {@code zip:43604}
 * @param propertyKeys any of these homes
 * @param propertyTypes any of these RESO property types
 * @param severity at least {@code low}, {@code medium} or {@code high}
 * @param minPrice US dollars
 * @param maxPrice US dollars
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record AlertFilter(
        List<String> types,
        List<String> areas,
        List<String> propertyKeys,
        List<String> propertyTypes,
        @Nullable String severity,
        @Nullable BigDecimal minPrice,
        @Nullable BigDecimal maxPrice) {

    @SuppressWarnings("ConstantValue") // null where JSON leaves it out
    public AlertFilter {
        types = types == null ? List.of() : List.copyOf(types);
        areas = areas == null ? List.of() : List.copyOf(areas);
        propertyKeys = propertyKeys == null ? List.of() : List.copyOf(propertyKeys);
        propertyTypes = propertyTypes == null ? List.of() : List.copyOf(propertyTypes);
    }

    /** Signals of some types in some areas. */
    public static AlertFilter of(List<String> types, List<String> areas) {
        return new AlertFilter(types, areas, List.of(), List.of(), null, null, null);
    }
}
