package dev.gatehouse.enrichment.valuation;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * A sale as numbers that the logarithm of its price is linear in. Neither the assessed value nor anything else that may
 * have been written down after the sale is among them: it would know the answer.
 */
final class Features {
    static final List<String> NAMES = List.of(
            "log area",
            "log area squared",
            "log lot",
            "lot unknown",
            "age",
            "age squared",
            "root of age",
            "bedrooms",
            "full baths",
            "half baths",
            "stories",
            "stories unknown",
            "years",
            "log area by log lot",
            "log area by age");

    private static final double DAYS_PER_YEAR = 365.25;
    private static final double OLDEST = 150;

    private Features() {}

    /** @param origin the day from which years are counted */
    static double[] of(Subject home, LocalDate date, LocalDate origin) {
        double area = Math.log(home.livingArea());
        double lot = home.lotSize() > 0 ? Math.log(Math.max(1, home.lotSize())) : 0;
        double age = Math.clamp(date.getYear() - (double) home.yearBuilt(), 0, OLDEST);
        return new double[] {
            area,
            area * area,
            lot,
            home.lotSize() > 0 ? 0 : 1,
            age,
            age * age / 100,
            Math.sqrt(age),
            home.bedrooms(),
            home.bathroomsFull(),
            home.bathroomsHalf(),
            home.stories(),
            home.stories() > 0 ? 0 : 1,
            years(origin, date),
            area * lot,
            area * age / 10
        };
    }

    static double years(LocalDate from, LocalDate to) {
        return ChronoUnit.DAYS.between(from, to) / DAYS_PER_YEAR;
    }
}
