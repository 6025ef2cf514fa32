package dev.gatehouse.signals.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.signals.Period;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A home on the market adds to the figures")
class TimelineTest {
    private static final Instant FIRST = Instant.parse("2025-01-10T10:00:00Z");

    private static Home home(Terms terms, Move... moves) {
        return new Home(
                "l",
                "p",
                "test",
                null,
                new Site("Toledo", "43604", "Lucas", "OH", 41.65, -83.54),
                "Residential",
                BigDecimal.valueOf(1_000),
                terms,
                1,
                List.of(moves),
                0);
    }

    private static Terms terms(String status, @Nullable String paid, @Nullable String listed, @Nullable String closed) {
        return new Terms(
                status,
                new BigDecimal("200000"),
                paid == null ? null : new BigDecimal(paid),
                listed == null ? null : LocalDate.parse(listed),
                closed == null ? null : LocalDate.parse(closed),
                FIRST);
    }

    private static Figures in(Home home, String month) {
        return Timeline.of(home).getOrDefault(YearMonth.parse(month), new Figures());
    }

    @Test
    @DisplayName("its listing, its cut, its contract and its sale, each in its month")
    void whole() {
        Home home = home(
                terms("Closed", "190000", "2025-01-10", "2025-04-02"),
                Move.listed(1, FIRST, "Active"),
                Move.price(
                        2, Instant.parse("2025-02-01T00:00:00Z"), new BigDecimal("210000"), new BigDecimal("200000")),
                Move.status(3, Instant.parse("2025-03-05T23:59:59Z"), "Active", "Pending"),
                Move.status(4, Instant.parse("2025-04-09T00:00:00Z"), "Pending", "Closed"));
        assertThat(in(home, "2025-01").newListings()).isEqualTo(1);
        assertThat(in(home, "2025-01").inventoryChange()).isEqualTo(1);
        assertThat(in(home, "2025-02").cuts()).isEqualTo(1);
        assertThat(in(home, "2025-03").pending()).isEqualTo(1);
        assertThat(in(home, "2025-03").inventoryChange()).isEqualTo(-1);
        Figures sold = in(home, "2025-04");
        assertThat(sold.sold()).isEqualTo(1);
        assertThat(sold.prices().median()).isEqualByComparingTo("19000000");
        assertThat(sold.rates().median()).isEqualByComparingTo("19000");
        assertThat(sold.days().median()).isEqualByComparingTo("82");
        assertThat(sold.ratioSum()).isEqualTo(950_000);
        assertThat(sold.inventoryChange()).isZero();
    }

    @Test
    @DisplayName("as inventory from its listing to its close, when only the sale is known")
    void importedSale() {
        Home home = home(terms("Closed", "190000", "2025-01-10", "2025-02-02"));
        assertThat(in(home, "2025-01").inventoryChange()).isEqualTo(1);
        assertThat(in(home, "2025-02").inventoryChange()).isEqualTo(-1);
        assertThat(in(home, "2025-02").sold()).isEqualTo(1);
        Home without = home(terms("Closed", "190000", null, "2025-02-02"));
        assertThat(Timeline.of(without)).containsOnlyKeys(YearMonth.parse("2025-02"));
        assertThat(in(without, "2025-02").inventoryChange()).isZero();
        assertThat(in(without, "2025-02").days().count()).isZero();
    }

    @Test
    @DisplayName("and comes back, and leaves again")
    void back() {
        Home home = home(
                terms("Withdrawn", null, "2025-01-10", null),
                Move.status(3, Instant.parse("2025-02-05T00:00:00Z"), "Active", "Pending"),
                Move.status(4, Instant.parse("2025-03-05T00:00:00Z"), "Pending", "Active"),
                Move.status(5, Instant.parse("2025-05-05T00:00:00Z"), "Active", "Withdrawn"));
        assertThat(in(home, "2025-02").inventoryChange()).isEqualTo(-1);
        assertThat(in(home, "2025-03").inventoryChange()).isEqualTo(1);
        assertThat(in(home, "2025-05").inventoryChange()).isEqualTo(-1);
        assertThat(Timeline.onMarketSince(home)).isNull();
    }

    @Test
    @DisplayName("nothing when it is land, when it is deleted, or when its price is no price")
    void nothing() {
        Home sold = home(terms("Closed", "190000", null, "2025-02-02"));
        Home land = new Home("l", "p", "test", null, sold.site(), "Land", null, sold.terms(), 1, List.of(), 0);
        assertThat(Timeline.of(land)).isEmpty();
        assertThat(Timeline.of(home(terms("Delete", null, "2025-01-10", null)))).isEmpty();
        assertThat(Timeline.of(home(terms("Closed", "0", null, "2025-02-02")))).isEmpty();
        assertThat(Timeline.of(home(terms("Closed", "99999999999999", null, "2025-02-02"))))
                .isEmpty();
        assertThat(Timeline.of(home(terms("Closed", "190000", null, null)))).isEmpty();
    }

    @Test
    @DisplayName("what can be taken away again, and nothing else")
    void takenAway() {
        Figures figures = new Figures();
        Figures sale = in(home(terms("Closed", "190000", "2025-01-10", "2025-02-02")), "2025-02");
        figures.add(sale);
        figures.add(sale);
        figures.take(sale);
        assertThat(figures).isEqualTo(sale);
        figures.take(sale);
        assertThat(figures.isNothing()).isTrue();
        assertThatThrownBy(() -> figures.take(sale)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @DisplayName("so that a period without sales has no median, and one after it still counts its inventory")
    void periods() {
        Map<YearMonth, Figures> months = new java.util.TreeMap<>();
        Timeline.of(home(terms("Active", null, "2025-01-10", null))).forEach(months::put);
        List<MonthSums> sums = new ArrayList<>();
        months.forEach((month, figures) -> sums.add(MonthSums.of(month, figures)));
        List<MarketPeriod> periods = new MarketMonths(sums, Period.MONTH, Map.of())
                .between(YearMonth.parse("2024-12"), YearMonth.parse("2025-03"));
        assertThat(periods).extracting(MarketPeriod::inventory).containsExactly(0, 1, 1, 1);
        assertThat(periods).extracting(MarketPeriod::medianPrice).containsOnlyNulls();
        assertThat(periods).extracting(MarketPeriod::monthsOfSupply).containsOnlyNulls();
        assertThat(periods.getLast().end()).isEqualTo(LocalDate.parse("2025-03-31"));
    }

    @Test
    @DisplayName("with a median that is the mean of the two middle values")
    void median() {
        assertThat(Values.of(4, 1, 3).median()).isEqualByComparingTo("3");
        assertThat(Values.of(4, 1).median()).isEqualByComparingTo("2.5");
        assertThat(Values.NONE.median()).isNull();
        assertThat(Values.of(Long.MAX_VALUE, Long.MAX_VALUE).sum()).isEqualTo("18446744073709551614");
    }
}
