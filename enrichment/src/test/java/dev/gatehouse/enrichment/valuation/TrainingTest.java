package dev.gatehouse.enrichment.valuation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class TrainingTest {
    private static final LocalDate FIRST = LocalDate.of(2020, 1, 1);

    /** Dear in the north, dearer by 5 % a year. */
    private static List<Sale> sales(int count, long seed) {
        Random random = new Random(seed);
        List<Sale> sales = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            double latitude = 41 + random.nextDouble() * 0.04;
            double area = 800 + random.nextInt(2_000);
            LocalDate day = FIRST.plusDays(random.nextInt(4 * 365));
            double price = 150
                    * area
                    * (latitude > 41.02 ? 1.6 : 1)
                    * Math.pow(1.05, Features.years(FIRST, day))
                    * Math.exp(0.12 * random.nextGaussian());
            Subject home = new Subject(
                    latitude, -83 + random.nextDouble() * 0.04, area, 5_000, 1950 + random.nextInt(50), 3, 1, 1, 1);
            sales.add(new Sale("s" + i, "p" + i, home, price, day));
        }
        return sales;
    }

    @Test
    @DisplayName("judged by later sales only, the model beats the area's median and its band holds about what it says")
    void judged() {
        long seed = 11;
        Accuracy accuracy = Training.judge("test", sales(3_000, seed), FIRST.plusYears(3))
                .orElseThrow()
                .accuracy();
        assertThat(accuracy.from()).isAfter(accuracy.trainedThrough());
        assertThat(accuracy.medianError()).isLessThan(0.11).isLessThan(accuracy.baselineError());
        assertThat(accuracy.inBand()).isBetween(0.7, 0.9);
    }

    @Test
    @DisplayName("later sales have no part in what they judge: other prices after the day change no value before it")
    void noLeak() {
        LocalDate day = FIRST.plusYears(3);
        List<Sale> sales = sales(1_500, 3);
        List<Sale> others = sales.stream()
                .map(sale -> sale.date().isAfter(day)
                        ? new Sale(sale.listingKey(), sale.propertyKey(), sale.home(), sale.price() * 10, sale.date())
                        : sale)
                .toList();
        HedonicModel one = Training.judge("test", sales, day).orElseThrow().model();
        HedonicModel two = Training.judge("test", others, day).orElseThrow().model();
        assertThat(one).isEqualTo(two);
    }

    @Test
    @DisplayName("the same sales in any order make the same model")
    void deterministic() {
        List<Sale> sales = sales(600, 5);
        assertThat(Training.train("test", sales, 1)).isEqualTo(Training.train("test", sales.reversed(), 1));
    }

    @Test
    @DisplayName("a market with too few sales has no model, one that lacks a fact has one without it")
    void few() {
        assertThat(Training.train("test", sales(Training.FEWEST - 1, 1), 1)).isEmpty();
        List<Sale> bare = sales(500, 1).stream()
                .map(sale -> {
                    Subject home = sale.home();
                    return new Sale(
                            sale.listingKey(),
                            sale.propertyKey(),
                            new Subject(
                                    home.latitude(),
                                    home.longitude(),
                                    home.livingArea(),
                                    0,
                                    home.yearBuilt(),
                                    0,
                                    0,
                                    0,
                                    0),
                            sale.price(),
                            sale.date());
                })
                .toList();
        assertThat(Training.train("test", bare, 1)).isPresent();
    }

    @Test
    @DisplayName("fewer than five comparables make no value")
    void alone() {
        HedonicModel model = Training.train("test", sales(500, 1), 1).orElseThrow();
        List<Sale> four = sales(4, 2);
        assertThat(model.value(four.getFirst().home(), FIRST, four)).isEmpty();
    }
}
