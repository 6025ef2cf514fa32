package dev.gatehouse.listings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("New York City's rolling sales")
class NewYorkTest {

    @Test
    @DisplayName("import with a report that adds up, and change nothing the second time")
    void imports(@TempDir Path copy) throws Exception {
        String trial = System.getenv("GATEHOUSE_TRIAL_DATA");
        if (trial == null) {
            System.out.println("GATEHOUSE_TRIAL_DATA names no folder: New York's files were left out.");
            return;
        }
        try (ListingsForTests service = new ListingsForTests()) {
            for (String borough : List.of("bronx", "manhattan", "statenisland")) {
                Path file =
                        Files.copy(Path.of(trial, "nyc_rolling_" + borough + ".csv"), copy.resolve(borough + ".csv"));
                long start = System.nanoTime();
                ImportReport first = service.module.importFile(file, "nyc-rolling-sales", ImportProgress.SILENT);
                System.out.println(borough + " in " + (System.nanoTime() - start) / 1_000_000 + " ms: " + first);
                long rejected = first.rejected().values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
                assertThat(first.accepted() + first.unchanged() + first.duplicates() + rejected)
                        .isEqualTo(first.read());
                assertThat(first.accepted()).isPositive();
                assertThat(first.rejected().keySet()).isSubsetOf("no_price", "nominal_price", "key_repeated");
                int events = service.eventTypes().size();
                ImportReport second = service.module.importFile(file, "nyc-rolling-sales", ImportProgress.SILENT);
                assertThat(second.accepted()).isZero();
                assertThat(second.unchanged()).isEqualTo(first.accepted());
                assertThat(service.eventTypes()).hasSize(events);
                System.out.println(borough + " homes sold more than once: "
                        + service.sql("SELECT count(*) FROM (SELECT property_key FROM listings.listing WHERE city = '"
                                + (borough.equals("bronx")
                                        ? "Bronx"
                                        : borough.equals("manhattan") ? "New York" : "Staten Island")
                                + "' GROUP BY 1 HAVING count(DISTINCT close_date) > 1) r"));
            }
        }
    }
}
