package dev.gatehouse.listings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.engines.ServiceForTests.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A search")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class SearchTest {
    private static final String MAPPING = """
            source: {originatingSystem: made-up}
            fields:
              PropertyKey: id
              ListingKey: id
              StandardStatus: status
              PropertyType: type
              ListPrice: price
              ListingContractDate: listed
              City: city
              PostalCode: zip
              CountyOrParish: {constant: Lucas}
              StateOrProvince: {constant: OH}
              Latitude: lat
              Longitude: lon
              BedroomsTotal: beds
              BathroomsFull: baths
              LivingArea: area
              LotSizeSquareFeet: lot
              YearBuilt: year
              TaxAssessedValue: price
            """;
    private static final String ROWS = """
            id,status,type,price,listed,city,zip,lat,lon,beds,baths,area,lot,year
            a,Active,Residential,100000,2026-02-20,Toledo,43601,41.65,-83.54,3,1,1000,5000,1950
            b,Pending,Residential,200000,2025-02-20,Toledo,43602,41.66,-83.54,4,2,2000,6000,1960
            c,Active,Land,300000,2026-02-28,Maumee,43537,41.56,-83.65,,,,90000,
            d,Withdrawn,Residential,,2024-01-01,Oregon,43616,,,2,1,800,4000,1930
            """;

    private ListingsForTests service;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        service = new ListingsForTests();
        Path mapping = Files.writeString(folder.resolve("mapping.yaml"), MAPPING);
        Path rows = Files.writeString(folder.resolve("rows.csv"), ROWS);
        assertThat(service.module
                        .importFile(rows, mapping.toString(), ImportProgress.SILENT)
                        .accepted())
                .isEqualTo(4);
    }

    @AfterAll
    void close() {
        service.close();
    }

    private String found(String query) {
        Answer answer = service.get("/v2/listings?" + query);
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        return answer.json().path("data").findValuesAsText("ListingKey").stream()
                .collect(Collectors.joining());
    }

    private List<String> faults(String query) {
        Answer answer = service.get("/v2/listings?" + query);
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(400);
        return answer.json().path("errors").findValuesAsText("field");
    }

    @Test
    @DisplayName("finds by every filter what keeps to it, and by all together")
    void filters() {
        assertThat(found("")).isEqualTo("abcd");
        assertThat(found("city=toledo")).isEqualTo("ab");
        assertThat(found("postalCode=43537")).isEqualTo("c");
        assertThat(found("county=LUCAS&state=oh")).isEqualTo("abcd");
        assertThat(found("minPrice=150000")).isEqualTo("bc");
        assertThat(found("maxPrice=200000")).isEqualTo("ab");
        assertThat(found("minBeds=3&maxBeds=3")).isEqualTo("a");
        assertThat(found("minBaths=2")).isEqualTo("b");
        assertThat(found("minArea=900&maxArea=1500")).isEqualTo("a");
        assertThat(found("minLot=50000")).isEqualTo("c");
        assertThat(found("minYear=1940&maxYear=1955")).isEqualTo("a");
        assertThat(found("propertyType=Land")).isEqualTo("c");
        assertThat(found("status=Active,Pending")).isEqualTo("abc");
        assertThat(found("daysOld=10")).isEqualTo("ac");
        assertThat(found("modifiedSince=2026-03-01T12:00:00Z")).isEqualTo("abcd");
        assertThat(found("modifiedSince=2026-03-01T12:00:01Z")).isEmpty();
        assertThat(found("bbox=-83.6,41.6,-83.5,41.7")).isEqualTo("ab");
        assertThat(found("near=41.65,-83.54&radius=1100")).isEqualTo("a");
        assertThat(found("near=41.65,-83.54&radius=1120")).isEqualTo("ab");
        assertThat(found("polygon=-83.7%2041.5,-83.6%2041.5,-83.65%2041.6")).isEqualTo("c");
        assertThat(found("city=Toledo&status=Active&minPrice=1")).isEqualTo("a");
        assertThat(found("orderBy=-ListPrice")).isEqualTo("cbad");
        assertThat(found("city=Nowhere")).isEmpty();
    }

    @Test
    @DisplayName("by a body finds the same")
    void body() {
        Answer answer = service.post(
                "/v2/listings/search",
                "{\"status\":[\"Active\"],\"polygon\":[[-83.7,41.5],[-83.6,41.5],[-83.65,41.6]],\"includeTotal\":true}");
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        assertThat(answer.json().at("/data/0/ListingKey").asText()).isEqualTo("c");
        assertThat(answer.json().at("/page/total").asInt()).isEqualTo(1);
    }

    @Test
    @DisplayName("names every parameter that cannot be searched by, all at once")
    void faults() {
        assertThat(faults("limit=0&minPrice=cheap&colour=red"))
                .containsExactlyInAnyOrder("limit", "minPrice", "colour");
        assertThat(faults("limit=501")).containsExactly("limit");
        assertThat(faults("minPrice=3&maxPrice=2&radius=5")).containsExactlyInAnyOrder("minPrice", "radius");
        assertThat(faults("polygon=0%200,1%201,1%200,0%201")).containsExactly("polygon");
        String many = IntStream.range(0, 1_002).mapToObj(i -> "1%20" + i % 9).collect(Collectors.joining(","));
        assertThat(faults("polygon=" + many)).containsExactly("polygon");
        assertThat(faults("bbox=1,2,3&near=91,0")).containsExactlyInAnyOrder("bbox", "near");
        assertThat(faults("orderBy=Colour")).containsExactly("orderBy");
        assertThat(faults("bbox=-181,41,-83,42")).containsExactly("bbox");
        assertThat(faults("bbox=-84,41,-83,91")).containsExactly("bbox");
        assertThat(faults("near=41,-180.5")).containsExactly("near");
        assertThat(faults("polygon=0%2091,1%201,1%200")).containsExactly("polygon");
        assertThat(faults("city=" + "x".repeat(10_240))).containsExactly("city");
    }

    @Test
    @DisplayName("goes on only after a cursor of its own")
    void cursors() {
        String next = service.get("/v2/listings?limit=2&orderBy=ListPrice")
                .json()
                .at("/page/next")
                .asText();
        assertThat(found("limit=2&orderBy=ListPrice&cursor=" + next)).isEqualTo("bc");
        String altered = (next.charAt(0) == 'A' ? 'B' : 'A') + next.substring(1);
        for (String query : List.of(
                "limit=2&orderBy=ListPrice&cursor=" + altered,
                "limit=2&cursor=" + next,
                "city=Toledo&orderBy=ListPrice&cursor=" + next,
                "cursor=x",
                "cursor=%25%25")) {
            Answer answer = service.get("/v2/listings?" + query);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().path("code").asText()).isEqualTo("invalid_cursor");
        }
    }

    @Test
    @DisplayName("answers in GeoJSON when that is asked for")
    void geoJson() {
        JsonNode found = service.get("/v2/listings?status=Active,Withdrawn", "Accept", "application/geo+json")
                .json();
        assertThat(found.at("/features/0/geometry/coordinates/0").asDouble()).isEqualTo(-83.54);
        assertThat(found.at("/features/2/geometry").isNull()).isTrue();
    }

    @Test
    @DisplayName("leaves out what was not selected, and names what the plan lacks")
    void fields() {
        assertThat(service.get("/v2/listings?select=City&limit=1")
                        .json()
                        .at("/data/0")
                        .size())
                .isEqualTo(2);
        JsonNode answer =
                service.getWithFields(Set.of("basic"), "/v2/listings?limit=1").json();
        assertThat(answer.at("/data/0").has("Latitude")).isFalse();
        assertThat(answer.at("/meta/absentFields").toString())
                .isEqualTo("[\"Latitude\",\"Longitude\",\"TaxAssessedValue\"]");
    }

    @Test
    @DisplayName("in the older shape gives the older shape")
    void v1() {
        JsonNode answer = service.get("/v1/listings?zip=43602&status=pending&beds=2&per_page=1")
                .json();
        assertThat(answer.at("/results/0/id").asText()).isEqualTo("b");
        assertThat(answer.at("/total").asInt()).isEqualTo(1);
        assertThat(answer.at("/pages").asInt()).isEqualTo(1);
    }
}
