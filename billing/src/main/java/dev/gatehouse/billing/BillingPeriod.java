package dev.gatehouse.billing;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;

/**
 * The time that one invoice covers.
 *
 * @param from the first instant, at the beginning of an hour
 * @param to the first instant after it, at the beginning of an hour
 */
public record BillingPeriod(Instant from, Instant to) {

    public BillingPeriod {
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("to is " + to + ": must be after from, " + from);
        }
        requireHour("from", from);
        requireHour("to", to);
    }

    /** A calendar month in UTC: invoices know no other time zone. */
    public static BillingPeriod of(YearMonth month) {
        return new BillingPeriod(
                start(month.atDay(1)), start(month.plusMonths(1).atDay(1)));
    }

    /** The month that holds an instant. */
    public static BillingPeriod holding(Instant instant) {
        return of(YearMonth.from(instant.atZone(ZoneOffset.UTC)));
    }

    public long seconds() {
        return Duration.between(from, to).toSeconds();
    }

    public boolean holds(Instant instant) {
        return !instant.isBefore(from) && instant.isBefore(to);
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static void requireHour(String field, Instant instant) {
        if (instant.getNano() != 0 || instant.getEpochSecond() % 3_600 != 0) {
            throw new IllegalArgumentException(field + " is " + instant + ": must be the beginning of an hour");
        }
    }
}
