package dev.gatehouse.listings;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("New York City's rolling sales")
final class NewYorkTest {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("M/d/yy", Locale.ROOT);

    /** @param resold properties of the file with more than one date of sale */
    private record Borough(String file, String city, int resold) {}

    private static final List<Borough> BOROUGHS = List.of(
            new Borough("bronx", "Bronx", 269),
            new Borough("manhattan", "New York", 216),
            new Borough("statenisland", "Staten Island", 275));

    /** What tells a property in the file itself, as it stands there. */
    private record Parcel(String block, String lot, String address, String apartment) {
        String street() {
            return address.split(",", 2)[0].strip().replaceAll("\\s+", " ");
        }

        String unit() {
            return apartment.isEmpty() && address.contains(",") ? address.split(",", 2)[1].strip() : apartment;
        }
    }

    @Test
    @DisplayName(
            "import with a report that adds up, change nothing the second time, and keep every deed of a property together")
    void imports(@TempDir Path copy) throws Exception {
        String trial = System.getenv("GATEHOUSE_TRIAL_DATA");
        if (trial == null) {
            System.out.println("GATEHOUSE_TRIAL_DATA names no folder: New York's files were left out.");
            return;
        }
        try (ListingsForTests service = new ListingsForTests();
                Database database = Database.open(
                        DatabaseUrl.parse(service.database),
                        "listings",
                        "classpath:dev/gatehouse/listings/store/migration",
                        1)) {
            for (Borough borough : BOROUGHS) {
                Path source = Path.of(trial, "nyc_rolling_" + borough.file() + ".csv");
                Path file = Files.copy(source, copy.resolve(borough.file() + ".csv"));
                long start = System.nanoTime();
                ImportReport first = service.module.importFile(file, "nyc-rolling-sales", ImportProgress.SILENT);
                System.out.println(borough.file() + " in " + (System.nanoTime() - start) / 1_000_000 + " ms: " + first);
                long rejected = first.rejected().values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
                assertThat(first.accepted() + first.unchanged() + first.duplicates() + rejected)
                        .isEqualTo(first.read());
                assertThat(first.accepted()).isPositive();
                assertThat(first.rejected().keySet()).isSubsetOf("key_repeated");
                int events = service.eventTypes().size();
                ImportReport second = service.module.importFile(file, "nyc-rolling-sales", ImportProgress.SILENT);
                assertThat(second.accepted()).isZero();
                assertThat(second.unchanged()).isEqualTo(first.accepted());
                assertThat(service.eventTypes()).hasSize(events);

                Map<Parcel, Set<LocalDate>> resold = resold(file);
                assertThat(resold).as(borough.file()).hasSize(borough.resold());
                Set<Parcel> apart = new HashSet<>();
                resold.forEach((parcel, days) -> {
                    if (!isOneHome(database, borough, parcel, days)) {
                        apart.add(parcel);
                    }
                });
                assertThat(apart).as("not one property in " + borough.file()).isEmpty();
                System.out.println(borough.file() + ": all deeds of " + resold.size() + " properties that were sold on"
                        + " more than one day are together");
            }
        }
    }

    private static boolean isOneHome(Database database, Borough borough, Parcel parcel, Set<LocalDate> days) {
        return database.asSystem(handle -> handle.createQuery("""
                        SELECT coalesce(max(days), 0) FROM (
                            SELECT count(DISTINCT l.close_date) AS days FROM listing l
                            WHERE l.city = :city AND l.address = :street AND coalesce(l.unit, '') = :unit
                                AND l.close_date = ANY(CAST(:days AS date[]))
                            GROUP BY l.property_key) AS homes
                        """)
                        .bind("city", borough.city())
                        .bind("street", parcel.street())
                        .bind("unit", parcel.unit())
                        .bind(
                                "days",
                                "{"
                                        + String.join(
                                                ",",
                                                days.stream()
                                                        .map(LocalDate::toString)
                                                        .toList()) + "}")
                        .mapTo(Integer.class)
                        .one())
                == days.size();
    }

    private static Map<Parcel, Set<LocalDate>> resold(Path file) throws Exception {
        Map<Parcel, Set<LocalDate>> parcels = new HashMap<>();
        try (Stream<CsvRecord> rows = CsvReader.builder().ofCsvRecord(file).stream()) {
            rows.skip(1)
                    .forEach(row -> parcels.computeIfAbsent(
                                    new Parcel(
                                            row.getField(4).strip(),
                                            row.getField(5).strip(),
                                            row.getField(8).strip(),
                                            row.getField(9).strip()),
                                    parcel -> new TreeSet<>())
                            .add(LocalDate.parse(row.getField(20).strip(), DAY)));
        }
        parcels.values().removeIf(days -> days.size() < 2);
        return parcels;
    }
}
