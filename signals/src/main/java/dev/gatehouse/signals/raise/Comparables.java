package dev.gatehouse.signals.raise;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.signal.Severity;
import dev.gatehouse.kernel.signal.SignalType;
import dev.gatehouse.signals.market.Home;
import dev.gatehouse.signals.market.Move;
import dev.gatehouse.signals.market.Phase;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a home asks clearly less than like homes sold for: at most 85 percent of the median price per square foot of at
 * least five homes of its type in its neighbourhood, sold within a year before, with a living area within a quarter of
 * its own.
 */
public final class Comparables {
    /** Sales that are looked at, the newest first. */
    public static final int MOST = 50;

    private static final int LEAST = 5;
    private static final int NAMED = 10;
    private static final int BELOW_PERCENT = 15;
    private static final BigDecimal SMALLEST = new BigDecimal("0.75");
    private static final BigDecimal LARGEST = new BigDecimal("1.25");
    private static final int DOLLAR_SCALE = 2;

    /** A sale that a home is held against. */
    public record Comparable(String listingKey, BigDecimal pricePerSquareFoot, LocalDate closeDate) {}

    /**
     * What is looked for.
     *
     * @param before only what was known before this sequence counts, so that the answer does not depend on when it is asked
     */
    public record Question(
            Home home,
            DomainEvent event,
            String neighbourhood,
            BigDecimal smallest,
            BigDecimal largest,
            LocalDate from,
            LocalDate to,
            long before) {}

    private Comparables() {}

    /** What to look for after an event; empty when the event or the home gives no reason. */
    public static Optional<Question> question(Home home, DomainEvent event) {
        boolean listed = event.type().equals(DomainEvent.LISTING_CREATED);
        boolean priced = event.type().equals(DomainEvent.LISTING_PRICE_CHANGED)
                && home.moves().stream().anyMatch(Move::isCut);
        String neighbourhood = home.site().neighbourhood();
        BigDecimal area = home.livingArea();
        if (!(listed || priced)
                || home.phase() != Phase.ON_MARKET
                || neighbourhood == null
                || area == null
                || home.propertyType() == null
                || SignalRules.perSquareFoot(home) == null) {
            return Optional.empty();
        }
        LocalDate day = SignalRules.day(event.occurredAt());
        return Optional.of(new Question(
                home,
                event,
                neighbourhood,
                area.multiply(SMALLEST),
                area.multiply(LARGEST),
                day.minusYears(1),
                day,
                event.sequence()));
    }

    /** @param found the newest sales that fit, at most {@link #MOST} */
    public static Optional<Raised> judge(Question question, List<Comparable> found) {
        BigDecimal asked = Objects.requireNonNull(SignalRules.perSquareFoot(question.home()));
        if (found.size() < LEAST) {
            return Optional.empty();
        }
        BigDecimal median = median(found);
        if (median.signum() <= 0 || asked.compareTo(median) >= 0) {
            return Optional.empty();
        }
        BigDecimal below = SignalRules.percent(median.subtract(asked), median);
        if (below.compareTo(BigDecimal.valueOf(BELOW_PERCENT)) < 0) {
            return Optional.empty();
        }
        Map<String, @Nullable Object> evidence = new LinkedHashMap<>();
        evidence.put("ListPrice", question.home().terms().listPrice());
        evidence.put("PricePerSquareFoot", asked);
        evidence.put("ComparableMedianPricePerSquareFoot", median);
        evidence.put("BelowPercent", below);
        evidence.put("ComparableCount", found.size());
        evidence.put("Neighbourhood", question.neighbourhood());
        evidence.put(
                "Comparables",
                found.stream().limit(NAMED).map(Comparable::listingKey).toList());
        Severity severity = SignalRules.graded(below, 25, 35);
        return Optional.of(SignalRules.raise(
                SignalType.PRICE_BELOW_COMPARABLES, severity, question.home(), question.event(), evidence));
    }

    private static BigDecimal median(List<Comparable> found) {
        List<BigDecimal> sorted =
                found.stream().map(Comparable::pricePerSquareFoot).sorted().toList();
        BigDecimal low = sorted.get((sorted.size() - 1) / 2);
        BigDecimal high = sorted.get(sorted.size() / 2);
        return low.add(high).divide(BigDecimal.TWO, DOLLAR_SCALE, RoundingMode.HALF_UP);
    }
}
