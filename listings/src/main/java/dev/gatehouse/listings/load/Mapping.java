package dev.gatehouse.listings.load;

import java.nio.charset.Charset;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * From a kind of CSV file to listings.
 *
 * @param originatingSystem becomes {@code OriginatingSystemName}
 * @param columns of a file without a header line; null when the file has one
 * @param fields in the order in which they are filled
 */
public record Mapping(
        String originatingSystem,
        Charset encoding,
        char separator,
        @Nullable List<String> columns,
        Map<Target, Rule> fields,
        List<Rejection> rejections) {

    /** Every column that a file must have. */
    Set<String> needed() {
        Set<String> needed = new LinkedHashSet<>();
        fields.values().forEach(rule -> collect(rule, needed));
        return needed;
    }

    private static void collect(Rule rule, Set<String> needed) {
        switch (rule) {
            case Rule.Constant ignored -> {}
            case Rule.Key key -> needed.addAll(key.columns());
            case Rule.FromColumn column -> {
                needed.addAll(column.columns());
                if (column.otherwise() != null) {
                    collect(column.otherwise(), needed);
                }
            }
        }
    }
}
