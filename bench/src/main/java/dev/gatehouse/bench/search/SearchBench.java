package dev.gatehouse.bench.search;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gatehouse.bench.Machine;
import dev.gatehouse.bench.sandbox.GatehouseCommand;
import dev.gatehouse.engines.Durability;
import dev.gatehouse.engines.EmbeddedPostgres;
import dev.gatehouse.listings.search.ListingQuery;
import dev.gatehouse.listings.search.QueryReader;
import dev.gatehouse.listings.store.PostgresSearch;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code bench search}: a whole Gatehouse over a million generated homes, each documented filter asked through the gateway
 * and, in turn, by the same statement alone. One caller, one call at a time.
 */
public final class SearchBench {
    private static final List<String> NUMBERS = List.of(
            "minPrice",
            "maxPrice",
            "minBeds",
            "maxBeds",
            "minBaths",
            "minArea",
            "maxArea",
            "minLot",
            "maxLot",
            "minYear",
            "maxYear",
            "radius",
            "daysOld");
    private static final int PAGE = 50;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long SEED = 20_261_125;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Times in milliseconds, sorted. */
    private record Figures(Filter filter, double[] alone, double[] through, List<String> plan) {}

    /** @param arguments {@code --homes=N --calls=N --record=yes|no} */
    public static void run(Path root, List<String> arguments) throws Exception {
        // before the first logger: without a configuration every step would be written, and measured
        System.setProperty("logback.configurationFile", "dev/gatehouse/bench/measured-logback.xml");
        int homes = 1_000_000;
        int calls = 200;
        boolean record = true;
        for (String argument : arguments) {
            String value = argument.substring(argument.indexOf('=') + 1);
            switch (argument.substring(0, Math.max(0, argument.indexOf('=')))) {
                case "--homes" -> homes = Integer.parseInt(value);
                case "--calls" -> calls = Integer.parseInt(value);
                case "--record" -> record = value.equals("yes");
                default ->
                    throw new IllegalArgumentException(argument + " is not known: --homes=N --calls=N --record=yes|no");
            }
        }
        new SearchBench().measure(root, homes, calls, record);
    }

    private void measure(Path root, int homes, int calls, boolean record) throws Exception {
        Path folder = Files.createTempDirectory("gatehouse-bench-search-");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder.resolve("postgres"), Durability.THROWN_AWAY)) {
            GatehouseCommand command = new GatehouseCommand(root, folder.resolve("data"));
            Process gatehouse = command.up(
                    folder.resolve("up.log"),
                    Map.of("GATEHOUSE_DATABASE_URL", postgres.url(), "GATEHOUSE_SIMULATOR", "off"),
                    PATIENCE,
                    "--port",
                    "18080");
            try {
                JsonNode status = command.status();
                command.liftLimits();
                System.err.printf(Locale.ROOT, "writing %,d homes%n", homes);
                DatabaseUrl url = DatabaseUrl.parse(postgres.url());
                GeneratedHomes.write(url, homes);
                GeneratedHomes.settle(url);
                try (Database database =
                        Database.open(url, "listings", "classpath:dev/gatehouse/listings/store/migration", 2)) {
                    PostgresSearch listings = PostgresSearch.ofMarket(database, InstantSource.system());
                    List<Figures> figures = new ArrayList<>();
                    for (Filter filter : Filter.values()) {
                        figures.add(measure(filter, calls, status, listings));
                    }
                    String report = report(homes, calls, figures);
                    System.out.println(report);
                    if (record) {
                        write(root.resolve("bench/results"), homes, calls, report, figures);
                    }
                }
            } finally {
                GatehouseCommand.stop(gatehouse);
            }
        }
    }

    private Figures measure(Filter filter, int calls, JsonNode status, PostgresSearch listings)
            throws IOException, InterruptedException {
        Random random = new Random(SEED + filter.ordinal());
        double[] alone = new double[calls];
        double[] through = new double[calls];
        ListingQuery last = null;
        for (int i = -calls / 4; i < calls; i++) {
            Map<String, String> parameters = filter.next(random);
            ListingQuery query = query(parameters);
            last = query;
            // each goes first at every other call, so that neither always finds the pages warm
            double first = i % 2 == 0 ? timeAlone(listings, query) : timeThrough(status, parameters);
            double second = i % 2 == 0 ? timeThrough(status, parameters) : timeAlone(listings, query);
            if (i >= 0) {
                alone[i] = i % 2 == 0 ? first : second;
                through[i] = i % 2 == 0 ? second : first;
            }
        }
        Arrays.sort(alone);
        Arrays.sort(through);
        List<String> plan = last == null ? List.of() : listings.explain(last, PAGE);
        System.err.printf(
                Locale.ROOT,
                "%-40s alone p50 %.2f p99 %.2f, through the gateway p50 %.2f p99 %.2f ms%n",
                filter.title(),
                at(alone, 0.5),
                at(alone, 0.99),
                at(through, 0.5),
                at(through, 0.99));
        return new Figures(filter, alone, through, plan);
    }

    private static double timeAlone(PostgresSearch listings, ListingQuery query) {
        long begun = System.nanoTime();
        listings.search(query, null, PAGE);
        return (System.nanoTime() - begun) / 1e6;
    }

    private double timeThrough(JsonNode status, Map<String, String> parameters)
            throws IOException, InterruptedException {
        String query = parameters.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(status.at("/gateway/url").asText() + "/v2/listings?" + query))
                .header("Authorization", "Bearer " + status.at("/demo/key").asText())
                .build();
        long begun = System.nanoTime();
        HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        double took = (System.nanoTime() - begun) / 1e6;
        if (answer.statusCode() != 200) {
            throw new IOException(query + " is answered " + answer.statusCode() + ": "
                    + new String(answer.body(), StandardCharsets.UTF_8));
        }
        return took;
    }

    private static ListingQuery query(Map<String, String> parameters) {
        return QueryReader.read(name -> {
            String value = parameters.get(name);
            return value == null ? null : node(name, value);
        });
    }

    private static @Nullable JsonNode node(String name, String value) {
        if (NUMBERS.contains(name)) {
            return DecimalNode.valueOf(new BigDecimal(value));
        }
        if (name.equals("status")) {
            ArrayNode all = Json.MAPPER.createArrayNode();
            Arrays.stream(value.split(",")).forEach(all::add);
            return all;
        }
        return TextNode.valueOf(value);
    }

    private static double at(double[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    }

    private static String report(int homes, int calls, List<Figures> figures) {
        StringBuilder out = new StringBuilder("# Searching a million homes\n\n");
        out.append(String.format(
                Locale.ROOT,
                "%s, %,d generated homes, %d calls of each filter (after %d to warm up), one at a time, pages of %d, of a table that a vacuum has been over. No answer"
                        + " comes from a cache: each call has values of its own. \"Alone\" is the same statement and the reading"
                        + " of its rows over JDBC, in turn with the call through the gateway (key check, admission, service,"
                        + " JSON, metering), from the same process.%n%n",
                LocalDate.now(ZoneOffset.UTC),
                homes,
                calls,
                calls / 4,
                PAGE));
        Machine.facts()
                .forEach((what, value) ->
                        out.append("- ").append(what).append(": ").append(value).append('\n'));
        out.append(
                "\n| filter | alone p50 ms | alone p99 ms | through the gateway p50 ms | p99 ms |\n|---|---|---|---|---|\n");
        for (Figures figure : figures) {
            out.append(String.format(
                    Locale.ROOT,
                    "| %s | %.2f | %.2f | %.2f | %.2f |%n",
                    figure.filter().title(),
                    at(figure.alone(), 0.5),
                    at(figure.alone(), 0.99),
                    at(figure.through(), 0.5),
                    at(figure.through(), 0.99)));
        }
        out.append("\n## Plans\nOf the last call of each filter, by `EXPLAIN (ANALYZE, BUFFERS)`.\n");
        for (Figures figure : figures) {
            out.append("\n### ").append(figure.filter().title()).append("\n```\n");
            figure.plan().forEach(line -> out.append(line).append('\n'));
            out.append("```\n");
        }
        return out.toString();
    }

    private static void write(Path results, int homes, int calls, String report, List<Figures> figures)
            throws IOException {
        Files.createDirectories(results);
        Files.writeString(results.resolve("search.md"), report);
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("date", LocalDate.now(ZoneOffset.UTC).toString());
        raw.put("machine", Machine.facts());
        raw.put("homes", homes);
        raw.put("calls", calls);
        figures.forEach(figure -> raw.put(
                figure.filter().title(),
                Map.of(
                        "aloneP50Millis", at(figure.alone(), 0.5),
                        "aloneP99Millis", at(figure.alone(), 0.99),
                        "throughP50Millis", at(figure.through(), 0.5),
                        "throughP99Millis", at(figure.through(), 0.99))));
        Files.write(
                results.resolve("search.json"),
                Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(raw));
    }
}
