package dev.gatehouse.enrichment.valuation;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Trains a market's model. Time runs one way: the band is learned on a year that the regression has not seen, the whole is
 * judged on the year after that, and only then is the model fitted again to everything, with the band of the last year.
 */
public final class Training {
    /** Sales that a market needs for a model. */
    public static final int FEWEST = 300;

    private static final int FEWEST_JUDGES = 100;

    private Training() {}

    /** A model as it was when it was judged, and how it was judged. */
    public record Judged(HedonicModel model, Accuracy accuracy) {}

    /**
     * @param sales of one market, in any order
     * @param version the model's
     * @return empty when there are too few sales
     */
    public static Optional<HedonicModel> train(String market, List<Sale> sales, int version) {
        List<Sale> usable = usable(sales);
        if (usable.size() < FEWEST) {
            return Optional.empty();
        }
        LocalDate last = usable.getLast().date();
        LocalDate cut = last.minusYears(1);
        Optional<Judged> judged = judge(market, usable, cut);
        HedonicModel whole = Regression.fit(market, usable, last);
        // the errors of the year that the judged model did not see make the band of the one that has seen it
        Band band =
                judged.flatMap(earlier -> band(earlier.model(), usable)).orElseGet(() -> bandOfOthers(whole, usable));
        return Optional.of(
                whole.withVersion(version, band, judged.map(Judged::accuracy).orElse(null)));
    }

    /**
     * Trains on sales up to a day and judges by the later ones only, which the model has no part of: neither in its
     * regression nor in its band nor among the comparables.
     *
     * @return empty when there are too few sales on either side
     */
    public static Optional<Judged> judge(String market, List<Sale> sales, LocalDate through) {
        List<Sale> usable = usable(sales);
        List<Sale> known = until(usable, through);
        List<Sale> later = usable.subList(known.size(), usable.size());
        List<Sale> knownToBand = until(known, through.minusYears(1));
        if (knownToBand.size() < FEWEST || later.size() < FEWEST_JUDGES) {
            return Optional.empty();
        }
        HedonicModel early = Regression.fit(market, knownToBand, through.minusYears(1));
        Optional<Band> band = band(early, known);
        if (band.isEmpty()) {
            return Optional.empty();
        }
        HedonicModel model = Regression.fit(market, known, through).withVersion(0, band.get(), null);
        return Optional.of(new Judged(model, accuracy(model, known, later, through)));
    }

    private static Accuracy accuracy(HedonicModel model, List<Sale> known, List<Sale> later, LocalDate through) {
        SaleGrid grid = new SaleGrid(known);
        AreaMedian yardstick = new AreaMedian(known, through);
        List<Double> errors = new ArrayList<>();
        List<Double> yardstickErrors = new ArrayList<>();
        int in = 0;
        for (Sale sale : later) {
            Optional<Valuation> value = model.valueNear(
                    sale.home(), sale.date(), grid.nearest(sale.home(), sale.propertyKey(), Comparison.LOOKED_AT));
            if (value.isPresent()) {
                errors.add(Math.abs(value.get().value() / sale.price() - 1));
                yardstickErrors.add(Math.abs(yardstick.value(sale.home()) / sale.price() - 1));
                in += sale.price() >= value.get().low()
                                && sale.price() <= value.get().high()
                        ? 1
                        : 0;
            }
        }
        double[] all = errors.stream().mapToDouble(Double::doubleValue).toArray();
        return new Accuracy(
                through,
                later.getFirst().date(),
                later.getLast().date(),
                all.length,
                Band.median(all),
                share(errors, Band.NEAR),
                share(errors, 2 * Band.NEAR),
                in / (double) all.length,
                Band.median(yardstickErrors.stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray()));
    }

    private static double share(List<Double> errors, double limit) {
        return errors.stream().filter(error -> error <= limit).count() / (double) errors.size();
    }

    /** What a model's errors are on the sales after what it knows. */
    private static Optional<Band> band(HedonicModel model, List<Sale> sales) {
        List<Sale> known = until(sales, model.through());
        List<Sale> later = sales.subList(known.size(), sales.size());
        return later.size() < FEWEST_JUDGES ? Optional.empty() : misses(model, known, later);
    }

    /** With too few later sales: what the errors are on the known ones, none of them compared with itself. */
    private static Band bandOfOthers(HedonicModel model, List<Sale> sales) {
        return misses(model, sales, sales).orElseThrow();
    }

    private static Optional<Band> misses(HedonicModel model, List<Sale> known, List<Sale> judges) {
        SaleGrid grid = new SaleGrid(known);
        List<Band.Miss> misses = new ArrayList<>();
        for (Sale sale : judges) {
            List<SaleGrid.Near> around = grid.nearest(sale.home(), sale.propertyKey(), Comparison.LOOKED_AT);
            model.valueNear(sale.home(), sale.date(), around)
                    .ifPresent(value -> misses.add(new Band.Miss(
                            Math.log(sale.price() / value.value()),
                            model.disagreement(sale.home(), sale.date(), around))));
        }
        return misses.isEmpty() ? Optional.empty() : Optional.of(Band.of(misses));
    }

    private static List<Sale> until(List<Sale> sorted, LocalDate day) {
        int end = 0;
        while (end < sorted.size() && !sorted.get(end).date().isAfter(day)) {
            end++;
        }
        return sorted.subList(0, end);
    }

    private static List<Sale> usable(List<Sale> sales) {
        return sales.stream()
                .filter(sale -> sale.price() > 0)
                .sorted(Comparator.comparing(Sale::date).thenComparing(Sale::listingKey))
                .toList();
    }
}
