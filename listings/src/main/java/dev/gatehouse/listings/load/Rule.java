package dev.gatehouse.listings.load;

import java.math.BigDecimal;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How one field is filled from a row. */
sealed interface Rule {

    record Constant(String value) implements Rule {}

    /**
     * A short hash of several values, the same for the same values on every run.
     *
     * @param parts columns, or mapped fields when they begin with {@code =}
     */
    record Key(String prefix, List<String> parts) implements Rule {
        List<String> columns() {
            return parts.stream().filter(part -> !part.startsWith("=")).toList();
        }
    }

    /**
     * A column's text, made into the field's value step by step, in the order of these parts.
     *
     * @param columns joined by a space
     * @param find its first group is what counts; a text without it is missing
     * @param remove is cut out wherever it stands
     * @param blank texts that mean that there is no value
     * @param values what stands for what; an empty text is no value; null without a table
     * @param pad digits to which lost leading zeros are restored; 0 for none
     * @param factor the unit's, in square feet; 1 without a unit
     * @param formats of dates, the first that fits
     * @param otherwise when there is no value
     */
    record FromColumn(
            List<String> columns,
            @Nullable Pattern find,
            @Nullable Pattern remove,
            Set<String> blank,
            @Nullable Map<String, String> values,
            int pad,
            BigDecimal factor,
            List<DateTimeFormatter> formats,
            @Nullable Rule otherwise)
            implements Rule {}
}
