package dev.gatehouse.signals.raise;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.signal.Severity;
import dev.gatehouse.kernel.signal.SignalType;
import dev.gatehouse.signals.market.Home;
import dev.gatehouse.signals.market.Phase;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rules of the signals that one home's own events raise. Each looks at one event and at nothing else, so that the same
 * events raise the same signals whenever they are seen.
 *
 * <p>A listing or sale that is recorded long after its day, as by an import of old sales, is no news and raises nothing.
 */
public final class SignalRules {
    /** How old a listing or a sale may be to be news. */
    static final int NEWS_DAYS = 60;

    private static final int PERCENT_SCALE = 2;
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private SignalRules() {}

    /**
     * What an event raises.
     *
     * @param after the home as the event says it, with the event's own step and no other
     */
    public static List<Raised> on(Home after, DomainEvent event) {
        List<Raised> raised = new ArrayList<>();
        switch (event.type()) {
            case DomainEvent.LISTING_CREATED -> newListing(after, event).ifPresent(raised::add);
            case DomainEvent.LISTING_PRICE_CHANGED -> priceCut(after, event).ifPresent(raised::add);
            case DomainEvent.LISTING_STATUS_CHANGED ->
                backOnMarket(after, event).ifPresent(raised::add);
            case DomainEvent.SALE_RECORDED -> soldAboveList(after, event).ifPresent(raised::add);
            default -> {
                // other events raise nothing
            }
        }
        return raised;
    }

    private static Optional<Raised> newListing(Home home, DomainEvent event) {
        LocalDate listed = home.terms().contractDate();
        if (home.phase() != Phase.ON_MARKET || (listed != null && !isNews(listed, event))) {
            return Optional.empty();
        }
        Map<String, @Nullable Object> evidence = new LinkedHashMap<>();
        evidence.put("ListPrice", home.terms().listPrice());
        evidence.put("ListingContractDate", listed);
        evidence.put("LivingArea", home.livingArea());
        evidence.put("PricePerSquareFoot", perSquareFoot(home));
        return Optional.of(raise(SignalType.NEW_LISTING, Severity.LOW, home, event, evidence));
    }

    private static Optional<Raised> priceCut(Home home, DomainEvent event) {
        String said = previous(home);
        BigDecimal old = said == null ? null : new BigDecimal(said);
        BigDecimal now = home.terms().listPrice();
        if (old == null || now == null || old.signum() <= 0 || now.compareTo(old) >= 0) {
            return Optional.empty();
        }
        BigDecimal percent = percent(old.subtract(now), old);
        Map<String, @Nullable Object> evidence = new LinkedHashMap<>();
        evidence.put("PreviousListPrice", old);
        evidence.put("ListPrice", now);
        evidence.put("CutPercent", percent);
        evidence.put("DaysOnMarket", daysOnMarket(home, event.occurredAt()));
        return Optional.of(raise(SignalType.PRICE_CUT, graded(percent, 3, 8), home, event, evidence));
    }

    private static Optional<Raised> backOnMarket(Home home, DomainEvent event) {
        String old = previous(home);
        if (old == null || Phase.of(old) == Phase.ON_MARKET || home.phase() != Phase.ON_MARKET) {
            return Optional.empty();
        }
        if (old.equals("ComingSoon") || old.equals("Incomplete")) {
            return Optional.empty();
        }
        Map<String, @Nullable Object> evidence = new LinkedHashMap<>();
        evidence.put("PreviousStatus", old);
        evidence.put("StandardStatus", home.terms().status());
        evidence.put("ListPrice", home.terms().listPrice());
        Severity severity = switch (Phase.of(old)) {
            case UNDER_CONTRACT -> Severity.HIGH;
            case SOLD -> Severity.MEDIUM;
            default -> Severity.LOW;
        };
        return Optional.of(raise(SignalType.BACK_ON_MARKET, severity, home, event, evidence));
    }

    private static Optional<Raised> soldAboveList(Home home, DomainEvent event) {
        BigDecimal asked = home.terms().listPrice();
        BigDecimal paid = home.terms().closePrice();
        LocalDate closed = home.terms().closeDate();
        if (asked == null
                || paid == null
                || closed == null
                || asked.signum() <= 0
                || paid.compareTo(asked) <= 0
                || !isNews(closed, event)) {
            return Optional.empty();
        }
        BigDecimal percent = percent(paid.subtract(asked), asked);
        Map<String, @Nullable Object> evidence = new LinkedHashMap<>();
        evidence.put("ListPrice", asked);
        evidence.put("ClosePrice", paid);
        evidence.put("CloseDate", closed);
        evidence.put("AboveListPercent", percent);
        return Optional.of(raise(SignalType.SOLD_ABOVE_LIST, graded(percent, 2, 10), home, event, evidence));
    }

    static Raised raise(
            SignalType type, Severity severity, Home home, DomainEvent event, Map<String, @Nullable Object> evidence) {
        return new Raised(type, severity, home, event.occurredAt(), event.id(), evidence);
    }

    static @Nullable BigDecimal perSquareFoot(Home home) {
        BigDecimal price = home.terms().price();
        BigDecimal area = home.livingArea();
        return price == null || area == null || area.signum() <= 0
                ? null
                : price.divide(area, PERCENT_SCALE, RoundingMode.HALF_UP);
    }

    static BigDecimal percent(BigDecimal part, BigDecimal whole) {
        return part.multiply(HUNDRED).divide(whole, PERCENT_SCALE, RoundingMode.HALF_UP);
    }

    /** Low below {@code medium} percent, high from {@code high} percent on. */
    static Severity graded(BigDecimal percent, int medium, int high) {
        if (percent.compareTo(BigDecimal.valueOf(high)) >= 0) {
            return Severity.HIGH;
        }
        return percent.compareTo(BigDecimal.valueOf(medium)) >= 0 ? Severity.MEDIUM : Severity.LOW;
    }

    private static @Nullable String previous(Home home) {
        return home.moves().isEmpty() ? null : home.moves().getLast().from();
    }

    private static @Nullable Long daysOnMarket(Home home, Instant now) {
        LocalDate listed = home.terms().contractDate();
        Instant entered = home.terms().enteredAt();
        if (listed == null && entered != null) {
            listed = day(entered);
        }
        return listed == null ? null : Math.max(0, ChronoUnit.DAYS.between(listed, day(now)));
    }

    private static boolean isNews(LocalDate day, DomainEvent event) {
        return ChronoUnit.DAYS.between(day, day(event.occurredAt())) <= NEWS_DAYS;
    }

    static LocalDate day(Instant instant) {
        return LocalDate.ofInstant(instant, ZoneOffset.UTC);
    }
}
