package dev.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.e2e.harness.Launcher;
import dev.gatehouse.e2e.harness.Topology;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("One process: one thread through all of Gatehouse")
class WholeThreadInOneProcessTest extends JavaClient {
    private static final String MAPPING = """
            source: {originatingSystem: village}
            fields:
              PropertyKey: {key: [PARCEL], prefix: vil}
              ListingKey: {key: ['=PropertyKey', '=CloseDate'], prefix: vil-sale}
              StandardStatus: {constant: Closed}
              PropertyType: {constant: Residential}
              ClosePrice: PRICE
              CloseDate: SOLD
              City: {constant: Grandvillage}
            reject:
              - {field: ClosePrice, below: 1000, reason: gift}
            """;
    private static final String ROWS = """
            PARCEL,PRICE,SOLD
            1,250000,2024-05-01
            2,310000,2024-06-01
            2,310000,2024-06-01
            3,1,2024-06-02
            """;

    private final Path folder;

    WholeThreadInOneProcessTest(@TempDir Path folder) throws Exception {
        super(Topology.oneProcess(folder));
        this.folder = folder;
    }

    private Launcher.Result imported(Path file, String... more) throws Exception {
        String mapping =
                Files.writeString(file.resolveSibling("village.yaml"), MAPPING).toString();
        List<String> arguments = new ArrayList<>(
                List.of("import", file.toString(), "--mapping", mapping, "--data", folder.toString(), "--json"));
        arguments.addAll(List.of(more));
        return Launcher.run(arguments.toArray(String[]::new));
    }

    @Test
    @DisplayName("an imported home is found by the next call, and importing the file again changes nothing")
    void importedHomesAreFound(@TempDir Path elsewhere) throws Exception {
        Path file = Files.writeString(elsewhere.resolve("village.csv"), ROWS);
        assertThat(call("/v2/listings?city=Grandvillage").path("data")).isEmpty();
        JsonNode dry = imported(file, "--dry-run").json();
        assertThat(dry.path("read").asInt()).isEqualTo(4);
        assertThat(call("/v2/listings?city=Grandvillage").path("data")).isEmpty();

        Launcher.Result first = imported(file);
        assertThat(first.exit()).as(first.err()).isZero();
        assertThat(first.json().toString())
                .isEqualTo("{\"read\":4,\"accepted\":2,\"unchanged\":0,\"duplicates\":1,\"rejected\":{\"gift\":1}}");
        assertThat(Files.readString(elsewhere.resolve("village.csv.rejects.csv")))
                .contains("gift");
        soon(() ->
                assertThat(call("/v2/listings?city=Grandvillage").path("data")).hasSize(2));

        JsonNode status = Launcher.run("status", "--data", folder.toString(), "--json").json();
        Launcher.Result again = Launcher.run(
                "import",
                file.toString(),
                "--mapping",
                elsewhere.resolve("village.yaml").toString(),
                "--url",
                status.at("/admin/url").asText(),
                "--token",
                Files.readString(folder.resolve("admin-token")).strip(),
                "--json");
        assertThat(again.exit()).as(again.err()).isZero();
        JsonNode second = again.json();
        assertThat(second.path("accepted").asInt()).isZero();
        assertThat(second.path("unchanged").asInt()).isEqualTo(2);
    }

    @Test
    @DisplayName("an import of a file that is not there, or with a mapping that is not, says so and by its exit code")
    void importRefused(@TempDir Path elsewhere) throws Exception {
        Launcher.Result none = imported(elsewhere.resolve("none.csv"));
        assertThat(none.exit()).isEqualTo(4);
        Path file = Files.writeString(elsewhere.resolve("village.csv"), ROWS);
        Launcher.Result unknown =
                Launcher.run("import", file.toString(), "--mapping", "nyc-rolling", "--data", folder.toString());
        assertThat(unknown.exit()).isEqualTo(5);
        assertThat(unknown.err()).contains("nyc-rolling-sales");
        Launcher.Result nowhere =
                Launcher.run("import", file.toString(), "--mapping", "lucas-county", "--data", elsewhere.toString());
        assertThat(nowhere.exit()).isEqualTo(3);
    }
}
