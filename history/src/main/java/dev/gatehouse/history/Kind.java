package dev.gatehouse.history;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What part of a home's history an entry belongs to. */
public enum Kind {
    /** Listings: when they came, and where they stood. */
    LISTING,
    /** What was asked. */
    PRICE,
    /** What was paid, and transfers without a price that is known. */
    SALES,
    /** What the tax authority assessed. */
    TAX,
    /** Other facts that changed. */
    PROPERTY;

    /** As it stands in paths and in the database. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Kind> of(String text) {
        return Arrays.stream(values()).filter(kind -> kind.text().equals(text)).findFirst();
    }
}
