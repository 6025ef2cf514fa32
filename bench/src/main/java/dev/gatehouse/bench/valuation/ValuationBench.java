package dev.gatehouse.bench.valuation;

import dev.gatehouse.enrichment.valuation.Accuracy;
import dev.gatehouse.enrichment.valuation.Band;
import dev.gatehouse.enrichment.valuation.Sale;
import dev.gatehouse.enrichment.valuation.Training;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code bench valuation}: trains on the bundled sales up to a day, judges by the later ones, and does the same for the
 * median price per square foot of the same area. No chance is in it: every run on every machine says the same.
 */
public final class ValuationBench {
    private static final List<LocalDate> CUTS =
            List.of(LocalDate.of(1995, 12, 31), LocalDate.of(1996, 12, 31), LocalDate.of(1997, 12, 31));

    private ValuationBench() {}

    /** @param arguments {@code --record=yes|no} */
    public static void run(Path root, List<String> arguments) throws IOException {
        boolean record = true;
        for (String argument : arguments) {
            switch (argument) {
                case "--record=yes" -> record = true;
                case "--record=no" -> record = false;
                default -> throw new IllegalArgumentException(argument + " is not known: --record=yes|no");
            }
        }
        List<Sale> sales = BundledSales.read();
        List<Accuracy> figures = new ArrayList<>();
        for (LocalDate cut : CUTS) {
            List<Sale> upToNextYear = sales.stream()
                    .filter(sale -> !sale.date().isAfter(cut.plusYears(1)))
                    .toList();
            figures.add(Training.judge("lucas-oh", upToNextYear, cut)
                    .orElseThrow(() -> new IllegalStateException("too few sales around " + cut))
                    .accuracy());
        }
        String report = report(sales.size(), figures);
        System.out.println(report);
        if (record) {
            Path folder = Files.createDirectories(root.resolve("bench/results"));
            Files.writeString(folder.resolve("valuation.md"), report);
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("sales", sales.size());
            json.put("nominalBand", Band.NOMINAL);
            json.put("years", figures);
            Files.writeString(
                    folder.resolve("valuation.json"),
                    Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
        }
    }

    private static String report(int sales, List<Accuracy> figures) {
        StringBuilder out = new StringBuilder("# How far values fall from later sales\n\n");
        out.append(String.format(Locale.ROOT, """
                Lucas County, Ohio: %,d sales with a living area and a place, 1993-1998. For each row the model (`comparables-hedonic`:
                a hedonic regression, corrected by the residuals of up to 20 comparables) is trained on sales up to a day and judged
                by the sales of the following year alone: they are in no part of it, neither in the regression nor in the band nor
                among the comparables. The band is learned on the last year before the day. The yardstick is the median price per
                square foot of the same area (the smallest geohash cell of six letters or fewer with five sales in the two years
                before the day) times the living area. The assessed value is used by neither, as it may have been written down after
                the sale. The model's constants were chosen on the sales of 1997 alone. Of the others, 1998 had been seen by earlier
                sketches of the model, and 1996 by none.

                Simulated and generated listings are in none of it. The run is deterministic: `./gatehouse bench valuation`.

                | trained through | judged by | sales | median error, model | median error, yardstick | within 10 %% | within 20 %% | inside the band (meant: %.0f %%) |
                |---|---|---|---|---|---|---|---|
                """, sales, Band.NOMINAL * 100));
        for (Accuracy figure : figures) {
            out.append(String.format(
                    Locale.ROOT,
                    "| %s | %s to %s | %,d | %.1f %% | %.1f %% | %.1f %% | %.1f %% | %.1f %% |%n",
                    figure.trainedThrough(),
                    figure.from(),
                    figure.to(),
                    figure.sales(),
                    figure.medianError() * 100,
                    figure.baselineError() * 100,
                    figure.within10() * 100,
                    figure.within20() * 100,
                    figure.inBand() * 100));
        }
        return out.toString();
    }
}
