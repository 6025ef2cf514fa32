package dev.gatehouse.kernel.signal;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which signals a saved alert wants. What is empty or null asks nothing; everything else must hold.
 *
 * @param types any of these {@link SignalType}s, as text
 * @param areas any of these, in lower case: {@code zip:43604}, {@code city:toledo}, {@code county:lucas} or
 *     {@code geohash:dpm5}, which holds every geohash that it begins
 * @param propertyKeys any of these homes
 * @param propertyTypes any of these RESO property types
 * @param severity at least this {@link Severity}, as text
 * @param minPrice US dollars
 * @param maxPrice US dollars
 */
public record AlertFilter(
        List<String> types,
        List<String> areas,
        List<String> propertyKeys,
        List<String> propertyTypes,
        @Nullable String severity,
        @Nullable BigDecimal minPrice,
        @Nullable BigDecimal maxPrice) {
    private static final String GEOHASH = "geohash:";

    public AlertFilter {
        types = copy(types);
        areas = copy(areas);
        propertyKeys = copy(propertyKeys);
        propertyTypes = copy(propertyTypes);
    }

    @SuppressWarnings("ConstantValue") // a field that JSON leaves out is null
    private static List<String> copy(List<String> given) {
        return given == null ? List.of() : List.copyOf(given);
    }

    public boolean wants(SignalFacts signal) {
        return (types.isEmpty() || types.contains(signal.type().text()))
                && (severity == null
                        || signal.severity().isAtLeast(Severity.of(severity).orElse(Severity.LOW)))
                && (propertyKeys.isEmpty() || propertyKeys.contains(signal.propertyKey()))
                && (propertyTypes.isEmpty() || propertyTypes.contains(signal.propertyType()))
                && (minPrice == null
                        || (signal.price() != null && signal.price().compareTo(minPrice) >= 0))
                && (maxPrice == null
                        || (signal.price() != null && signal.price().compareTo(maxPrice) <= 0))
                && (areas.isEmpty() || areas.stream().anyMatch(area -> lies(signal, area)));
    }

    private static boolean lies(SignalFacts signal, String area) {
        return area.startsWith(GEOHASH)
                ? signal.areas().stream().anyMatch(of -> of.startsWith(area))
                : signal.areas().contains(area);
    }
}
