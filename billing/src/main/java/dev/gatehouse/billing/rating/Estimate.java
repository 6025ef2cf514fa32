package dev.gatehouse.billing.rating;

import dev.gatehouse.billing.DraftInvoice;
import dev.gatehouse.billing.RatingInput;
import dev.gatehouse.billing.UsageHour;
import dev.gatehouse.billing.price.Term;
import dev.gatehouse.kernel.money.Money;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a running period costs at its end if calls go on at its mean pace so far. */
public final class Estimate {
    private Estimate() {}

    /**
     * Adds the calls to come to the last hour of the period, under the term that goes on, and rates the whole.
     *
     * @return empty when less than an hour has passed since the first term began: no pace can be told
     */
    public static Optional<Money> atEnd(RatingInput input, Instant now) {
        return draftAtEnd(input, now).map(DraftInvoice::total);
    }

    /** The whole invoice of {@link #atEnd}. */
    public static Optional<DraftInvoice> draftAtEnd(RatingInput input, Instant now) {
        Instant begin = input.terms().getFirst().from();
        long passed = Duration.between(begin, now).toSeconds();
        long left = Duration.between(now, input.period().to()).toSeconds();
        Term last = input.terms().getLast();
        if (passed < 3_600) {
            return Optional.empty();
        }
        if (left <= 0 || !last.to().isAfter(now)) {
            // over, or suspended: no more calls are to come
            return Optional.of(Rating.rate(input));
        }
        BigInteger units = BigInteger.ZERO;
        for (UsageHour hour : input.usage()) {
            units = units.add(BigInteger.valueOf(hour.units()));
        }
        long toCome = units.multiply(BigInteger.valueOf(left))
                .divide(BigInteger.valueOf(passed))
                .longValueExact();
        List<UsageHour> usage = new ArrayList<>(input.usage());
        usage.add(new UsageHour(
                input.period().to().minus(1, ChronoUnit.HOURS), last.prices().plan(), "(to come)", 0, toCome));
        return Optional.of(Rating.rate(new RatingInput(input.tenant(), input.period(), input.terms(), usage)));
    }
}
