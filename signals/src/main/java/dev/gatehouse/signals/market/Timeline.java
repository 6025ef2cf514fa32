package dev.gatehouse.signals.market;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one home adds to the figures of each area that it lies in: a pure function of {@link Home}. A change of a home changes
 * the figures by what the home adds after it less what it added before, so that figures are always the sum over all homes,
 * in whatever order and in whatever pieces events came.
 *
 * <p>Days are UTC. A home counts as new in the month of its ListingContractDate. It is inventory from that day until it
 * leaves the status Active. It counts as pending in each month in which it went under contract, as a price cut in each
 * month of one, and as sold in the month of its CloseDate. Only homes of the type Residential are counted.
 */
public final class Timeline {
    /** Rises with every change of the arithmetic: figures of an older one are made anew from the homes. */
    public static final int ARITHMETIC = 1;

    private static final String COUNTED_TYPE = "Residential";
    private static final BigDecimal HIGHEST_PRICE = BigDecimal.valueOf(10_000_000_000L);
    private static final int LONGEST_STAY = 36_500;
    private static final int CENTS = 2;
    private static final int PARTS = 6;

    private final Home home;
    private final TreeMap<YearMonth, Figures> months = new TreeMap<>();
    private @Nullable LocalDate onMarketSince;

    private Timeline(Home home) {
        this.home = home;
    }

    /** What the home adds to each month. */
    public static TreeMap<YearMonth, Figures> of(Home home) {
        return walked(home).months;
    }

    /** The first day of its present stay on the market; null when it is not on the market, or since nobody knows when. */
    public static @Nullable LocalDate onMarketSince(Home home) {
        return home.phase() == Phase.ON_MARKET ? walked(home).onMarketSince : null;
    }

    private static Timeline walked(Home home) {
        Timeline timeline = new Timeline(home);
        timeline.walk();
        if (!COUNTED_TYPE.equals(home.propertyType()) || home.terms().status().equals("Delete")) {
            timeline.months.clear();
        }
        return timeline;
    }

    private void walk() {
        Phase phase = firstPhase();
        LocalDate day = start(phase);
        if (day != null) {
            if (home.terms().contractDate() != null && phase != Phase.OFF_MARKET) {
                in(day).add(Figures.ofNew());
            }
            if (phase == Phase.SOLD) {
                // known only by its end: it was for sale from the one day to the other
                phase = Phase.ON_MARKET;
                enter(day);
                if (home.terms().closeDate() != null) {
                    leave(later(day, home.terms().closeDate()));
                    phase = Phase.SOLD;
                }
            } else if (phase == Phase.ON_MARKET) {
                enter(day);
            } else if (phase == Phase.UNDER_CONTRACT) {
                in(day).add(Figures.ofPending());
            }
        }
        for (Move move : home.moves()) {
            if (move.isCut()) {
                in(move.day()).add(Figures.ofCut());
            }
            if (move.kind() == Move.Kind.STATUS && move.to() != null) {
                Phase next = Phase.of(move.to());
                LocalDate moved = later(day, dayOf(move, next));
                step(phase, next, moved, day != null);
                phase = next;
                day = moved;
            }
        }
        sale();
    }

    private void step(Phase from, Phase to, LocalDate day, boolean known) {
        if (from == Phase.ON_MARKET && to != Phase.ON_MARKET && known) {
            leave(day);
        }
        if (from != Phase.ON_MARKET && to == Phase.ON_MARKET) {
            enter(day);
        }
        if (from != Phase.UNDER_CONTRACT && to == Phase.UNDER_CONTRACT) {
            in(day).add(Figures.ofPending());
        }
    }

    private LocalDate dayOf(Move move, Phase next) {
        LocalDate closed = home.terms().closeDate();
        return next == Phase.SOLD && closed != null ? closed : move.day();
    }

    private void enter(LocalDate day) {
        in(day).add(Figures.ofInventory(1));
        onMarketSince = day;
    }

    private void leave(LocalDate day) {
        in(day).add(Figures.ofInventory(-1));
        onMarketSince = null;
    }

    private void sale() {
        Terms terms = home.terms();
        BigDecimal price = terms.closePrice();
        LocalDate closed = terms.closeDate();
        if (home.phase() != Phase.SOLD || closed == null || price == null || !isPlausible(price)) {
            return;
        }
        Figures sale = Figures.ofSale(cents(price));
        BigDecimal area = home.livingArea();
        if (area != null && area.signum() > 0) {
            sale.addRate(cents(price.divide(area, CENTS, RoundingMode.HALF_UP)));
        }
        LocalDate listed = terms.contractDate();
        if (listed != null && !closed.isBefore(listed)) {
            sale.addDays(Math.min(LONGEST_STAY, ChronoUnit.DAYS.between(listed, closed)));
        }
        BigDecimal asked = terms.listPrice();
        if (asked != null && isPlausible(asked)) {
            sale.addRatio(price.divide(asked, PARTS, RoundingMode.HALF_UP)
                    .movePointRight(PARTS)
                    .longValueExact());
        }
        in(closed).add(sale);
    }

    private static boolean isPlausible(BigDecimal price) {
        return price.compareTo(BigDecimal.ONE) >= 0 && price.compareTo(HIGHEST_PRICE) <= 0;
    }

    private static long cents(BigDecimal price) {
        return price.setScale(CENTS, RoundingMode.HALF_UP).movePointRight(CENTS).longValueExact();
    }

    /** Null for a sale that was never seen on the market. */
    private @Nullable LocalDate start(Phase first) {
        if (home.terms().contractDate() != null) {
            return home.terms().contractDate();
        }
        return first == Phase.SOLD || home.terms().enteredAt() == null
                ? null
                : LocalDate.ofInstant(home.terms().enteredAt(), ZoneOffset.UTC);
    }

    private Phase firstPhase() {
        for (Move move : home.moves()) {
            if (move.kind() == Move.Kind.LISTED && move.to() != null) {
                return Phase.of(move.to());
            }
            if (move.kind() == Move.Kind.STATUS && move.from() != null) {
                return Phase.of(move.from());
            }
        }
        return home.phase();
    }

    private static LocalDate later(@Nullable LocalDate first, LocalDate second) {
        return first != null && first.isAfter(second) ? first : second;
    }

    private Figures in(LocalDate day) {
        return months.computeIfAbsent(YearMonth.from(day), month -> new Figures());
    }
}
