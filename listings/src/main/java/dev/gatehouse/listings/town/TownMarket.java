package dev.gatehouse.listings.town;

import java.time.YearMonth;
import java.time.temporal.ChronoUnit;

/**
 * How prices move in the town: known, so that an index made from its sales can be held against the truth. Ten years from
 * January 2016, a rise of five per cent a year with a slump in the middle, each postal code with a slope of its own.
 */
public final class TownMarket {
    public static final YearMonth FIRST = YearMonth.of(2016, 1);
    public static final YearMonth LAST = YearMonth.of(2025, 12);

    private static final double MONTHLY_RISE = 0.0042;
    private static final double SLUMP = 0.09;
    private static final double SLUMP_MIDDLE = 52;
    private static final double SLUMP_WIDTH = 9;

    private TownMarket() {}

    /**
     * What a home that never changes costs in a month, as a multiple of what it cost in the first.
     *
     * @param ward 0 to 2, one for each postal code
     */
    public static double level(int ward, YearMonth month) {
        long n = FIRST.until(month, ChronoUnit.MONTHS);
        double slope = MONTHLY_RISE * (0.8 + 0.2 * ward);
        double distance = (n - SLUMP_MIDDLE) / SLUMP_WIDTH;
        return Math.exp(slope * n - SLUMP * Math.exp(-distance * distance));
    }
}
