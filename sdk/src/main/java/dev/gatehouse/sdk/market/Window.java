package dev.gatehouse.sdk.market;

import java.util.Locale;

/** What each row of a market's history is of. */
public enum Window {
    MONTH,
    QUARTER,
    YEAR;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
