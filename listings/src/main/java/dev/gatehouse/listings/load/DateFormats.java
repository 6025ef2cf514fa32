package dev.gatehouse.listings.load;

import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.Locale;

/** Date formats as {@link DateTimeFormatter} has them, strict, with a stated century for years of two digits. */
final class DateFormats {
    private DateFormats() {}

    /** @param firstYear the first of the hundred years that two digits can mean */
    static DateTimeFormatter of(String pattern, int firstYear) {
        DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder().parseCaseInsensitive();
        String[] around = pattern.split("(?<![yu])(?:yy|uu)(?![yu])", -1);
        for (int i = 0; i < around.length; i++) {
            if (i > 0) {
                builder.appendValueReduced(ChronoField.YEAR, 2, 2, firstYear);
            }
            if (!around[i].isEmpty()) {
                builder.appendPattern(around[i].replace('y', 'u'));
            }
        }
        return builder.toFormatter(Locale.ENGLISH).withResolverStyle(ResolverStyle.STRICT);
    }
}
