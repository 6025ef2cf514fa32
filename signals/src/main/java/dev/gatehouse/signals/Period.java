package dev.gatehouse.signals;

import java.time.YearMonth;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What figures are kept for: whole months, quarters or years of the calendar. */
public enum Period {
    MONTH(1),
    QUARTER(3),
    YEAR(12);

    private final int months;

    Period(int months) {
        this.months = months;
    }

    public int months() {
        return months;
    }

    /** The first month of the one that a month lies in. */
    public YearMonth start(YearMonth month) {
        return YearMonth.of(month.getYear(), (month.getMonthValue() - 1) / months * months + 1);
    }

    /** As it stands in parameters and answers. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Period> of(String text) {
        return Arrays.stream(values())
                .filter(period -> period.text().equals(text))
                .findFirst();
    }
}
