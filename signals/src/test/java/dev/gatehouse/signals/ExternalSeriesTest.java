package dev.gatehouse.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.engines.ServiceForTests.Answer;
import dev.gatehouse.runtime.api.AddedOperations;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.api.ApiRouter;
import dev.gatehouse.runtime.http.Request;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.http.Router;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import dev.gatehouse.signals.external.SeriesFile;
import dev.gatehouse.signals.external.SeriesFormat;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A market series of others")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class ExternalSeriesTest {
    private static final String TEXAS = """
            city,year,month,sales,volume,median,listings,inventory,date
            Fallowtown,2014,11,10,1500000,140000,40,3.5,2014.83
            Fallowtown,2014,12,12,1900000,150000,,,2014.91
            Fallowtown,2015,1,NA,,NA,38,3.3,2015
            Fallow County,2015,1,100,15000000,149000,400,3.6,2015
            Fallowtown,2015,13,1,1,1,1,1,2015
            Fallowtown,2014,12,13,1900000,150000,,,2014.91
            Fallowtown,2015,2,some,1,1,1,1,2015
            Fallowtown,2015,3,1
            """;
    private static final String METRO = """
            RegionID,SizeRank,RegionName,RegionType,StateName,2014-12-31,2015-01-31
            1,0,United States,Country,"",100.0,101.0
            2,1,"Fallowtown-Elsewhere, TX",Msa,TX,,205000.5
            """;

    private SignalsForTests service;
    private Router admin;

    @BeforeAll
    void start() throws Exception {
        service = new SignalsForTests();
        AddedOperations added = SeriesImport.administration(() -> DatabaseUrl.parse(service.database));
        Map<String, ApiRouter.Handler> handlers = new HashMap<>();
        added.changes()
                .forEach((id, change) -> handlers.put(
                        id, (ApiCall call) -> Response.ok(change.make(call).answer())));
        admin = new Router();
        ApiRouter.mount(admin, added.description(), handlers);
    }

    @AfterAll
    void stop() {
        service.close();
    }

    /** As the admin API would, validated by the description. */
    private JsonNode post(String path, Object body) {
        try {
            byte[] json = Json.bytes(body);
            Response response = admin.handle(new Request(
                    "POST",
                    "/admin/v1" + path,
                    Map.of(),
                    Map.of(),
                    Map.of("content-type", List.of("application/json")),
                    "127.0.0.1",
                    "req_1",
                    null,
                    new ByteArrayInputStream(json),
                    json.length));
            assertThat(response.status()).isEqualTo(200);
            return Json.tree(new String(((Response.Body.Bytes) response.body()).content(), StandardCharsets.UTF_8));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private SeriesImport.Report imported(Path file, SeriesFormat format) throws Exception {
        return SeriesImport.file(file, format, this::post);
    }

    @Test
    @DisplayName(
            "is kept as its source publishes it, blanks as null, beside our own figures, and each bad row told with its reason")
    void texas(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("texas.csv"), TEXAS);
        SeriesImport.Report report = imported(file, SeriesFormat.TEXAS_HOUSING);
        assertThat(report.rows()).isEqualTo(8);
        assertThat(report.series()).isEqualTo(10);
        assertThat(report.accepted()).isEqualTo(20);
        assertThat(report.blanks()).isEqualTo(5);
        assertThat(report.rejected()).extracting(SeriesFile.Rejected::row).containsExactly(5, 6, 7, 8);
        assertThat(report.rejected())
                .extracting(SeriesFile.Rejected::reason)
                .satisfiesExactly(
                        reason -> assertThat(reason).contains("no month", "13"),
                        reason -> assertThat(reason).contains("repeats Fallowtown in 2014-12"),
                        reason -> assertThat(reason).contains("sales", "some"),
                        reason -> assertThat(reason).contains("4 fields"));
        SeriesImport.Report again = imported(file, SeriesFormat.TEXAS_HOUSING);
        assertThat(again.accepted()).isZero();
        assertThat(again.unchanged()).isEqualTo(20);

        JsonNode market =
                service.get("/v2/markets/city:Fallowtown,%20TX").json().path("data");
        assertThat(market.path("History")).isEmpty();
        JsonNode inventory = market.path("External").get(0);
        assertThat(inventory.path("Source").asText()).isEqualTo("texas-housing");
        assertThat(inventory.path("Measure").asText()).isEqualTo("Inventory");
        assertThat(inventory.path("Months").toString())
                .isEqualTo("[{\"Month\":\"2014-11\",\"Value\":40},{\"Month\":\"2014-12\",\"Value\":null},"
                        + "{\"Month\":\"2015-01\",\"Value\":38}]");
        JsonNode one = service.get("/v2/markets/city:fallowtown-tx?from=2014-12&to=2014-12")
                .json()
                .at("/data/External");
        assertThat(one).hasSize(5);
        assertThat(service.get("/v2/markets/city:fallowtown-tx?from=2014-12&to=2014-12")
                        .json()
                        .at("/data/History"))
                .isEmpty();
        assertThat(one.findValues("Months"))
                .allSatisfy(months -> assertThat(months).hasSize(1));
        assertThat(service.get("/v2/markets/county:fallow-tx")
                        .json()
                        .at("/data/External/0/Region")
                        .asText())
                .isEqualTo("Fallow County");
        Answer near = service.get("/v2/markets/city:fallowtwn-tx");
        assertThat(near.status()).isEqualTo(404);
        assertThat(near.json().path("detail").asText()).contains("city:fallowtown-tx");
        assertThat(service.get(service.acme.testing(), "/v2/markets/city:fallowtown-tx")
                        .status())
                .isEqualTo(404);
    }

    @Test
    @DisplayName("of metro areas is read from its months' columns; what is of no state is no area")
    void metro(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("metro.csv"), METRO);
        SeriesImport.Report report = imported(file, SeriesFormat.METRO_INDEX);
        assertThat(report.rejected()).extracting(SeriesFile.Rejected::row).containsExactly(1);
        assertThat(report.blanks()).isEqualTo(1);
        JsonNode series =
                service.get("/v2/markets/city:fallowtown-elsewhere-tx").json().at("/data/External/0");
        assertThat(series.path("Region").asText()).isEqualTo("Fallowtown-Elsewhere, TX");
        assertThat(series.at("/Months/0/Value").isNull()).isTrue();
        assertThat(series.at("/Months/1/Value").decimalValue()).isEqualByComparingTo(new BigDecimal("205000.5"));
    }

    @Test
    @DisplayName("in a file of another kind is refused with what is missing")
    void another(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("metro.csv"), METRO);
        assertThatThrownBy(() -> imported(file, SeriesFormat.TEXAS_HOUSING)).hasMessageContaining("no column city");
        Path binary = Files.write(folder.resolve("binary.csv"), new byte[] {(byte) 0xc3, 0x28});
        assertThatThrownBy(() -> imported(binary, SeriesFormat.METRO_INDEX))
                .isInstanceOf(SeriesFile.Unreadable.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    @DisplayName(
            "of Texas and of all metro areas, from the real files where they are, has the blanks that are known of them")
    void trial() throws Exception {
        String trial = System.getenv("GATEHOUSE_TRIAL_DATA");
        if (trial == null) {
            System.out.println("GATEHOUSE_TRIAL_DATA names no folder: the real series were left out.");
            return;
        }
        SeriesImport.Report texas = imported(Path.of(trial, "txhousing.csv"), SeriesFormat.TEXAS_HOUSING);
        System.out.println("Texas: " + texas);
        assertThat(texas.rows()).isEqualTo(8_602);
        assertThat(texas.rejected()).isEmpty();
        assertThat(texas.series()).isEqualTo(46 * 5);
        assertThat(texas.accepted()).isEqualTo(8_602 * 5);
        assertThat(service.sql("SELECT count(*) FROM signals.external_value WHERE source = 'texas-housing'"
                        + " AND area <> 'city:fallowtown-tx' AND value IS NULL AND measure = 'Inventory'"))
                .containsExactly("1424");
        assertThat(service.sql("SELECT count(*) FROM signals.external_value WHERE source = 'texas-housing'"
                        + " AND area <> 'city:fallowtown-tx' AND value IS NULL AND measure = 'MonthsOfSupply'"))
                .containsExactly("1467");
        SeriesImport.Report metro =
                imported(Path.of(trial, "zillow_metro_zhvi_2000_2021.csv"), SeriesFormat.METRO_INDEX);
        System.out.println("Metro: " + metro);
        assertThat(metro.rows()).isEqualTo(908);
        assertThat(metro.rejected())
                .extracting(SeriesFile.Rejected::reason)
                .allMatch(reason -> reason.contains("state"));
        assertThat(metro.accepted()).isEqualTo((908L - metro.rejected().size()) * 263);
        assertThat(metro.blanks()).isEqualTo(48_727);
    }
}
