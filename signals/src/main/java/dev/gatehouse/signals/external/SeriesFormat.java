package dev.gatehouse.signals.external;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Kinds of files that series are read from. */
public enum SeriesFormat {
    /** A row for each city and month, a column for each measure: the table of the Texas A&amp;M Real Estate Center. */
    TEXAS_HOUSING,
    /** A row for each metro area, a column for each month: a home value index. */
    METRO_INDEX;

    /** As it is written: {@code texas-housing}. It is the source's name, too. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<SeriesFormat> of(String text) {
        return Arrays.stream(values())
                .filter(format -> format.text().equals(text))
                .findFirst();
    }
}
