package dev.gatehouse.kernel.signal;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What of a raised signal a filter can ask about. Each stands in the data of {@code signal.raised} under the name given
 * here.
 *
 * @param type {@code SignalType}
 * @param severity {@code Severity}
 * @param propertyKey {@code PropertyKey}
 * @param listingKey {@code ListingKey}
 * @param propertyType {@code PropertyType}
 * @param areas {@code Areas}: every area that the home lies in, in lower case; of its geohash only the longest
 * @param price {@code Price}: what was paid for a sold home, what is asked for any other; US dollars
 */
public record SignalFacts(
        SignalType type,
        Severity severity,
        String propertyKey,
        String listingKey,
        @Nullable String propertyType,
        List<String> areas,
        @Nullable BigDecimal price) {

    public SignalFacts {
        areas = List.copyOf(areas);
    }
}
