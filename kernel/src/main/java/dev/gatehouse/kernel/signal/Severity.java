package dev.gatehouse.kernel.signal;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How much a signal weighs, from the least up. */
public enum Severity {
    LOW,
    MEDIUM,
    HIGH;

    /** As it stands in answers, parameters and events, as in {@code medium}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean isAtLeast(Severity least) {
        return compareTo(least) >= 0;
    }

    public static Optional<Severity> of(String text) {
        return Arrays.stream(values())
                .filter(severity -> severity.text().equals(text))
                .findFirst();
    }
}
