package dev.gatehouse.history.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The repeat-sales index")
class RepeatSalesTest {
    private static final int START = 2016 * 12;

    @Test
    @DisplayName("of three months is what the normal equations, solved by hand, give")
    void byHand() {
        // without noise every weighting gives the same: month 1 is 10 % above month 0, month 2 is 21 % above it
        double rise = Math.log(1.1);
        PriceIndex index = RepeatSales.of(List.of(
                new PairGroup(START, START + 1, 40, 40 * rise, 40 * rise * rise),
                new PairGroup(START + 1, START + 2, 40, 40 * rise, 40 * rise * rise),
                new PairGroup(START, START + 2, 40, 80 * rise, 160 * rise * rise)));
        assertThat(index.base()).isEqualTo(YearMonth.of(2016, 1));
        assertThat(index.pairs()).isEqualTo(120);
        assertThat(index.months()).extracting(PriceIndex.Month::pairs).containsExactly(80L, 80L, 80L);
        assertThat(index.months().get(1).level()).isCloseTo(110.0, within(1e-6));
        assertThat(index.months().get(2).level()).isCloseTo(121.0, within(1e-6));
        assertThat(index.months().get(2).standardError()).isCloseTo(0.0, within(1e-3));
    }

    @Test
    @DisplayName("finds the market that made the sales, within its own standard errors")
    void findsTheTruth() {
        long seed = 20_260_301;
        System.out.println("seed " + seed);
        Random chance = new Random(seed);
        int months = 60;
        double[] truth = new double[months];
        for (int i = 1; i < months; i++) {
            truth[i] = truth[i - 1] + 0.004 + 0.006 * Math.sin(i / 8.0);
        }
        Map<List<Integer>, double[]> sums = new TreeMap<>((a, b) -> a.get(0).equals(b.get(0))
                ? a.get(1).compareTo(b.get(1))
                : a.get(0).compareTo(b.get(0)));
        for (int pair = 0; pair < 12_000; pair++) {
            int first = chance.nextInt(months - 6);
            int second = first + 6 + chance.nextInt(months - first - 6);
            double noise = chance.nextGaussian() * Math.sqrt(0.006 + 0.0004 * (second - first));
            double ratio = truth[second] - truth[first] + noise;
            double[] sum = sums.computeIfAbsent(List.of(first, second), key -> new double[3]);
            sum[0]++;
            sum[1] += ratio;
            sum[2] += ratio * ratio;
        }
        List<PairGroup> groups = new ArrayList<>();
        sums.forEach((key, sum) ->
                groups.add(new PairGroup(START + key.get(0), START + key.get(1), (long) sum[0], sum[1], sum[2])));
        PriceIndex index = RepeatSales.of(groups);
        int outside = 0;
        double worst = 0;
        for (int i = 1; i < months; i++) {
            PriceIndex.Month month = index.months().get(i);
            double expected = 100 * Math.exp(truth[i]);
            double error = Math.abs(Objects.requireNonNull(month.level()) - expected);
            worst = Math.max(worst, error / expected);
            outside += error > 1.96 * Objects.requireNonNull(month.standardError()) ? 1 : 0;
        }
        System.out.printf(
                "worst month off by %.2f %%, %d of %d outside of 1.96 standard errors%n",
                100 * worst, outside, months - 1);
        assertThat(worst).isLessThan(0.05);
        // errors of months share the base's error, so that the share is not the 5 % of independent ones
        assertThat(outside).isLessThan(months / 4);
    }

    @Test
    @DisplayName("shows no month with fewer than thirty pairs, and none that no pairs link to the base")
    void neverGuesses() {
        PriceIndex index = RepeatSales.of(List.of(
                new PairGroup(START, START + 2, 29, 1, 0.1),
                new PairGroup(START + 2, START + 4, 50, 2, 0.2),
                new PairGroup(START + 5, START + 7, 30, 1, 0.1)));
        assertThat(index.base()).isEqualTo(YearMonth.of(2016, 3));
        assertThat(index.months())
                .extracting(PriceIndex.Month::reason)
                .containsExactly(
                        RepeatSales.INSUFFICIENT,
                        RepeatSales.INSUFFICIENT,
                        null,
                        RepeatSales.INSUFFICIENT,
                        null,
                        RepeatSales.UNLINKED,
                        RepeatSales.INSUFFICIENT,
                        RepeatSales.UNLINKED);
        assertThat(index.months())
                .allSatisfy(month -> assertThat(month.level() == null).isEqualTo(month.reason() != null));
    }

    @Test
    @DisplayName("of nothing, or of too little, says nothing")
    void tooLittle() {
        assertThat(RepeatSales.of(List.of()).months()).isEmpty();
        PriceIndex few = RepeatSales.of(List.of(new PairGroup(START, START + 8, 12, 1, 0.2)));
        assertThat(few.base()).isNull();
        assertThat(few.months()).hasSize(9).allMatch(month -> RepeatSales.INSUFFICIENT.equals(month.reason()));
    }
}
