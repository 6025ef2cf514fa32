package dev.gatehouse.enrichment.valuation;

import dev.gatehouse.kernel.area.Geohash;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The yardstick that a model must beat: the median price per square foot of the same area over the last two years, times
 * the home's living area. The area is the smallest geohash cell of six letters or fewer (six: about 1.2 by 0.6 km) with five
 * sales; of the areas and times tried this is the hardest to beat on Lucas County.
 */
public final class AreaMedian {
    private static final int FINEST = 6;
    private static final int FEWEST = 5;
    private static final int YEARS = 2;

    private final Map<String, double[]> byCell = new HashMap<>();

    /** @param sales up to {@code through} are used, later ones are not */
    public AreaMedian(List<Sale> sales, LocalDate through) {
        Map<String, List<Double>> cells = new HashMap<>();
        for (Sale sale : sales) {
            if (!sale.date().isAfter(through) && sale.date().isAfter(through.minusYears(YEARS))) {
                String cell = Geohash.of(sale.home().latitude(), sale.home().longitude(), FINEST);
                for (int length = 0; length <= FINEST; length++) {
                    cells.computeIfAbsent(cell.substring(0, length), key -> new ArrayList<>())
                            .add(sale.price() / sale.home().livingArea());
                }
            }
        }
        cells.forEach((cell, prices) -> {
            if (prices.size() >= FEWEST) {
                double[] values =
                        prices.stream().mapToDouble(Double::doubleValue).toArray();
                byCell.put(cell, new double[] {Band.median(values)});
            }
        });
    }

    /** @throws IllegalStateException when there are fewer than five sales in all */
    public double value(Subject home) {
        String cell = Geohash.of(home.latitude(), home.longitude(), FINEST);
        for (int length = FINEST; length >= 0; length--) {
            double[] price = byCell.get(cell.substring(0, length));
            if (price != null) {
                return price[0] * home.livingArea();
            }
        }
        throw new IllegalStateException("too few sales to compare with");
    }
}
