package dev.gatehouse.bench.valuation;

import dev.gatehouse.enrichment.valuation.Sale;
import dev.gatehouse.enrichment.valuation.Subject;
import dev.gatehouse.listings.Facts;
import dev.gatehouse.listings.ImportProgress;
import dev.gatehouse.listings.load.ImportRun;
import dev.gatehouse.listings.load.Incoming;
import dev.gatehouse.listings.load.ListingSink;
import dev.gatehouse.listings.load.MappingReader;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The sales that come with Gatehouse, by the mapping with which listings imports them. */
final class BundledSales implements ListingSink {
    private final List<Sale> sales = new ArrayList<>();

    static List<Sale> read() throws IOException {
        BundledSales sink = new BundledSales();
        try (InputStream in = ImportRun.class.getResourceAsStream("data/lucas-county.csv.gz")) {
            var unused = new ImportRun(MappingReader.find("lucas-county"), sink, ImportProgress.SILENT)
                    .from("bench", "lucas-county.csv.gz", Objects.requireNonNull(in), null);
        }
        return sink.sales;
    }

    @Override
    public Taken take(String run, List<Incoming> batch) {
        for (Incoming row : batch) {
            Facts facts = row.facts();
            BigDecimal price = row.terms().closePrice();
            LocalDate date = row.terms().closeDate();
            Double latitude = row.place().latitude();
            Double longitude = row.place().longitude();
            BigDecimal area = facts.livingArea();
            Integer year = facts.yearBuilt();
            if (price != null
                    && date != null
                    && latitude != null
                    && longitude != null
                    && area != null
                    && area.signum() > 0
                    && year != null) {
                sales.add(new Sale(
                        row.listingKey(),
                        row.propertyKey(),
                        new Subject(
                                latitude,
                                longitude,
                                area.doubleValue(),
                                number(facts.lotSize()),
                                year,
                                count(facts.bedrooms()),
                                count(facts.bathroomsFull()),
                                count(facts.bathroomsHalf()),
                                number(facts.stories())),
                        price.doubleValue(),
                        date));
            }
        }
        return new Taken(batch.size(), 0, 0, List.of());
    }

    private static double number(@Nullable BigDecimal value) {
        return value == null ? 0 : value.doubleValue();
    }

    private static int count(@Nullable Integer value) {
        return value == null ? 0 : value;
    }

    @Override
    public void finish(String run) {}
}
