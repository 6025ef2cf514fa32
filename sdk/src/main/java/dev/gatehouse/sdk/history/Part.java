package dev.gatehouse.sdk.history;

import java.util.Locale;

/** A part of what happened to a home. */
public enum Part {
    /** When it came on the market, and where its listings stood. */
    LISTING,
    /** What was asked. */
    PRICE,
    /** What was paid, and transfers without a known price. */
    SALES,
    /** What the tax authority assessed. */
    TAX;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
