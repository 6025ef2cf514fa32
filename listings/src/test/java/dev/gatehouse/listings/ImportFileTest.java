package dev.gatehouse.listings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An import")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class ImportFileTest {
    private static final String MAPPING = """
            source: {originatingSystem: made-up}
            tables:
              town: {'7': Springfield, '8': Shelbyville}
            fields:
              PropertyKey: {key: [TOWN, LOT, '=UnitNumber'], prefix: prop}
              ListingKey: {key: ['=PropertyKey', SOLD]}
              StandardStatus: {constant: Closed}
              PropertyType: {constant: Residential}
              ClosePrice: {column: PRICE, blank: '-'}
              CloseDate: {column: SOLD, format: [M/d/yy, dd MMM uuuu]}
              UnparsedAddress: {column: ADDRESS, remove: ',.*$'}
              UnitNumber: {column: ADDRESS, find: ',\\s*(.+)$'}
              City: {column: TOWN, table: town}
              PostalCode: {column: ZIP, pad: 5}
              LivingArea: {column: AREA, unit: squareMetres}
            reject:
              - {field: ClosePrice, missing: true, reason: no_price}
              - {field: ClosePrice, below: 100, reason: nominal_price}
            """;
    private static final String ROWS = "\ufeff TOWN ,LOT,ADDRESS, PRICE ,SOLD,ZIP,AREA\r"
            + "7,1,1 Elm Street            ,100000,4/9/17,2134,100\r"
            + "7,1,1 Elm Street            ,100000,4/9/17,2134,100\r"
            + "7,2,\"2 Elm Street, 4B  \",1.225E+06,31 Dec 1998,02135,10.5\r"
            + "8,3,3 Oak Street,-,4/9/17,2134,100\r"
            + "8,4,4 Oak Street,10,4/9/17,2134,100\r"
            + "9,5,5 Oak Street,200000,4/9/17,2134,100\r"
            + "8,6,6 Oak Street,200000,4/31/17,2134,100\r"
            + "8,7,7 Oak Street,200000\r"
            + "7,1,1 Elm Street            ,100001,4/9/17,2134,100\r";

    private ListingsForTests service;

    @TempDir
    private Path folder;

    @BeforeAll
    void start() throws Exception {
        service = new ListingsForTests();
    }

    @AfterAll
    void close() {
        service.close();
    }

    private String mapping(String text) throws IOException {
        return Files.writeString(folder.resolve("mapping.yaml"), text).toString();
    }

    private Path file(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }

    @Test
    @DisplayName("takes every wart, says what it did with each row, and changes nothing the second time")
    void warts() throws Exception {
        Path file = file("warts.csv", utf8(ROWS));
        ImportReport first = service.module.importFile(file, mapping(MAPPING), ImportProgress.SILENT);
        assertThat(first)
                .isEqualTo(new ImportReport(
                        9,
                        2,
                        0,
                        1,
                        Map.of(
                                "no_price", 1L,
                                "nominal_price", 1L,
                                "unknown_value", 1L,
                                "not_a_date", 1L,
                                "wrong_number_of_fields", 1L,
                                "key_repeated", 1L)));
        assertThat(Files.readAllLines(folder.resolve("warts.csv.rejects.csv"))).hasSize(7);
        assertThat(service.sql(
                        "SELECT concat_ws('|', address, unit, city, postal_code, close_price, close_date, living_area)"
                                + " FROM listings.listing WHERE originating_system = 'made-up' ORDER BY address"))
                .containsExactly(
                        "1 Elm Street|Springfield|02134|100000.00|2017-04-09|1076.39",
                        "2 Elm Street|4B|Springfield|02135|1225000.00|1998-12-31|113.02");
        assertThat(service.eventTypes())
                .containsExactly("property.created", "sale.recorded", "property.created", "sale.recorded");

        ImportReport second = service.module.importFile(file, mapping(MAPPING), ImportProgress.SILENT);
        assertThat(second).isEqualTo(new ImportReport(9, 0, 2, 1, first.rejected()));
        assertThat(service.eventTypes()).hasSize(4);
        assertThat(service.sql("SELECT count(*) FROM listings.import_seen")).containsExactly("0");
    }

    @Test
    @DisplayName("that is only tried shows what the rows would become, and stores nothing")
    void dryRun() throws Exception {
        ImportPreview preview = ListingsImport.preview(file("try.csv", utf8(ROWS)), mapping(MAPPING));
        assertThat(preview.read()).isEqualTo(9);
        assertThat(preview.mapped()).isEqualTo(4);
        assertThat(preview.first().get(2))
                .containsEntry("ClosePrice", "1225000")
                .containsEntry("UnitNumber", "4B");
        assertThat(preview.examples().get("not_a_date")).contains("row 7").contains("4/31/17");
    }

    @Test
    @DisplayName("that lacks a column names it")
    void missingColumn() throws Exception {
        Path file = file("short.csv", utf8("TOWN,LOT,ADDRESS,PRICE,SOLD,AREA\n7,1,a,1000,4/9/17,1\n"));
        assertThatThrownBy(() -> service.module.importFile(file, mapping(MAPPING), ImportProgress.SILENT))
                .isInstanceOf(ImportRefused.class)
                .hasMessageContaining("lacks the column ZIP");
    }

    @Test
    @DisplayName("in another encoding says so")
    void encoding() throws Exception {
        Path file = file(
                "latin.csv",
                (ROWS.substring(1) + "7,9,Caf\u00e9,1000,4/9/17,2134,1\r").getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> service.module.importFile(file, mapping(MAPPING), ImportProgress.SILENT))
                .isInstanceOf(ImportRefused.class)
                .hasMessageContaining("is not UTF-8")
                .hasMessageContaining("encoding: ISO-8859-1");
    }

    @Test
    @DisplayName("of a gzip file that is cut off keeps the rows before and says so")
    void truncated() throws Exception {
        StringBuilder rows = new StringBuilder("TOWN,LOT,ADDRESS,PRICE,SOLD,ZIP,AREA\n");
        for (int i = 0; i < 30_000; i++) {
            rows.append("7,")
                    .append("lot ")
                    .append(i * 7919L)
                    .append(",x,")
                    .append(1000 + i % 977)
                    .append(",4/9/17,1,1\n");
        }
        byte[] whole = gzip(utf8(rows.toString()));
        Path file = file("cut.csv.gz", Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(() -> service.module.importFile(file, mapping(MAPPING), ImportProgress.SILENT))
                .isInstanceOf(ImportRefused.class)
                .hasMessageContaining("is cut off")
                .hasMessageContaining("are kept");
        long kept = Long.parseLong(service.sql("SELECT count(*) FROM listings.listing WHERE address = 'x'")
                .getFirst());
        assertThat(kept).isGreaterThan(5_000);
        ImportReport again =
                service.module.importFile(file("cut.csv.gz", whole), mapping(MAPPING), ImportProgress.SILENT);
        assertThat(again.unchanged()).isEqualTo(kept);
        assertThat(again.accepted()).isEqualTo(30_000 - kept);
    }

    @Test
    @DisplayName("by a mapping with a mistyped name says the line and the nearest name")
    void mistyped() {
        assertThatThrownBy(() -> ListingsImport.preview(
                        Path.of("none.csv"), mapping(MAPPING.replace("ClosePrice: {", "ClosPrice: {"))))
                .isInstanceOf(ImportRefused.class)
                .hasMessageContaining("line 9")
                .hasMessageContaining("did you mean ClosePrice?");
        assertThatThrownBy(() -> ListingsImport.preview(Path.of("none.csv"), "nyc-rolling"))
                .hasMessageContaining("nyc-rolling-sales");
    }

    @Test
    @DisplayName("does not take back what was changed here since")
    void keepsChanges() throws Exception {
        String mapping = mapping(MAPPING.replace("{constant: Closed}", "{constant: Active}")
                .replace("ClosePrice: {column", "ListPrice: {column")
                .replace("field: ClosePrice", "field: ListPrice")
                .replace("made-up", "for-sale"));
        Path file = file("sale.csv", utf8("TOWN,LOT,ADDRESS,PRICE,SOLD,ZIP,AREA\n7,sale,y,1000,4/9/17,2134,1\n"));
        service.module.importFile(file, mapping, ImportProgress.SILENT);
        String key = service.sql("SELECT listing_key FROM listings.listing WHERE originating_system = 'for-sale'")
                .getFirst();
        assertThat(service.module.listings().changePrice(key, new BigDecimal("900")))
                .isPresent();
        assertThat(service.module
                        .importFile(file, mapping, ImportProgress.SILENT)
                        .unchanged())
                .isEqualTo(1);
        assertThat(service.module.listings().find(key).orElseThrow().terms().listPrice())
                .isEqualByComparingTo("900");
    }
}
