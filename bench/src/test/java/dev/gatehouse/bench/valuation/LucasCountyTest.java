package dev.gatehouse.bench.valuation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.enrichment.valuation.Accuracy;
import dev.gatehouse.enrichment.valuation.Sale;
import dev.gatehouse.enrichment.valuation.Training;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class LucasCountyTest {
    private static final LocalDate DAY = LocalDate.of(1994, 12, 31);

    @Test
    @DisplayName(
            "trained on sales through 1994 and judged by those of early 1995, values are clearly nearer than the area's median")
    void nearer() throws IOException {
        List<Sale> sales = BundledSales.read();
        assertThat(sales).hasSizeGreaterThan(25_000);
        Accuracy accuracy = Training.judge(
                        "lucas-oh",
                        sales.stream()
                                .filter(sale -> !sale.date().isAfter(DAY.plusMonths(3)))
                                .toList(),
                        DAY)
                .orElseThrow()
                .accuracy();
        assertThat(accuracy.from()).isAfter(DAY);
        assertThat(accuracy.medianError()).isLessThan(accuracy.baselineError() - 0.02);
        assertThat(accuracy.inBand()).isBetween(0.7, 0.9);
    }
}
