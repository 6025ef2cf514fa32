package dev.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.e2e.harness.SpanCollector;
import dev.gatehouse.e2e.harness.Topology;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Gateway, directory, listings, history, signals and enrichment apart: one thread through all of Gatehouse")
class WholeThreadInSeveralProcessesTest extends JavaClient {
    private static final int HANGING = 4;
    private static final int ROUNDS = 5;
    private static final int NOT_YET = 504;

    private final SpanCollector spans;
    private final Path accessLog;

    WholeThreadInSeveralProcessesTest(@TempDir Path folder) throws Exception {
        SpanCollector collector = new SpanCollector();
        super(Topology.severalProcesses(
                folder, Map.of("GATEHOUSE_TELEMETRY_OTLP", collector.uri().toString())));
        spans = collector;
        accessLog = folder.resolve("gateway/gateway/access.log");
    }

    @AfterAll
    void stopCollector() {
        spans.close();
    }

    @Test
    @DisplayName("a call is one trace across the processes: the gateway's span, the service's, its statements'")
    void oneTrace() throws Exception {
        // never asked before, so that it is not answered from a cache
        call("/v2/listings?county=Lucas&minPrice=123457&limit=1");
        soon(() -> assertThat(logged("/v2/listings", "trace")).isPresent());
        String trace = logged("/v2/listings", "trace").orElseThrow();
        soon(() -> {
            List<SpanCollector.Span> all = spans.of(trace);
            assertThat(all).extracting(SpanCollector.Span::scope).contains("gatehouse.gateway", "gatehouse.listings");
            SpanCollector.Span gateway = first(all, "gatehouse.gateway");
            SpanCollector.Span service = first(all, "gatehouse.listings");
            SpanCollector.Span statement = first(all, "gatehouse.database");
            assertThat(gateway.parent()).isEmpty();
            assertThat(service.parent()).isEqualTo(gateway.id());
            assertThat(service.name()).isEqualTo("GET /v2/listings");
            assertThat(statement.parent()).isEqualTo(service.id());
        });
    }

    @Test
    @DisplayName(
            "a service that hangs, or is killed, takes nothing from the answers of the three others, and comes back")
    void isolation() throws Exception {
        Map<String, String> calls = new TreeMap<>(Map.of(
                "listings", "/v2/listings/town-sale-00001-01",
                "history", "/v2/properties/town-00001/history/sales",
                "signals", "/v2/markets/county:fallow-oh?from=2020-01&to=2020-02",
                "enrichment", "/v2/enrichment?PropertyKey=town-00001"));
        Map<String, JsonNode> whole = new TreeMap<>();
        for (String service : calls.keySet()) {
            soon(() -> whole.put(service, stable(call(calls.get(service)))));
        }
        for (String service : calls.keySet()) {
            topology().alone(service).hold();
            try {
                List<CompletableFuture<Integer>> hanging = Stream.generate(() -> status(calls.get(service)))
                        .limit(HANGING)
                        .toList();
                othersAreUntouched(service, calls, whole);
                assertThat(hanging)
                        .allSatisfy(call -> assertThat(call.isDone() ? call.join() : NOT_YET)
                                .isGreaterThanOrEqualTo(500));
            } finally {
                topology().alone(service).letGo();
            }
            soon(() -> assertThat(stable(call(calls.get(service)))).isEqualTo(whole.get(service)));

            topology().kill(service);
            assertThat(status(calls.get(service)).get(20, TimeUnit.SECONDS)).isGreaterThanOrEqualTo(500);
            othersAreUntouched(service, calls, whole);
            topology().startAgain(service);
            soon(() -> assertThat(stable(call(calls.get(service)))).isEqualTo(whole.get(service)));
        }
    }

    private void othersAreUntouched(String service, Map<String, String> calls, Map<String, JsonNode> whole)
            throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            for (String other : calls.keySet()) {
                if (!other.equals(service)) {
                    assertThat(stable(call(calls.get(other))))
                            .as("%s while %s is away", other, service)
                            .isEqualTo(whole.get(other));
                }
            }
        }
    }

    /** Without the value, which a training in between may move. */
    private static JsonNode stable(JsonNode answer) {
        if (answer.path("data") instanceof ObjectNode data) {
            data.remove("valuation");
        }
        return answer;
    }

    private CompletableFuture<Integer> status(String path) {
        return later(path).thenApply(HttpResponse::statusCode);
    }

    private static SpanCollector.Span first(List<SpanCollector.Span> spans, String scope) {
        assertThat(spans).extracting(SpanCollector.Span::scope).contains(scope);
        return spans.stream()
                .filter(span -> span.scope().equals(scope))
                .findFirst()
                .orElseThrow();
    }

    /** A field of the last call of this path that the gateway has logged. */
    private Optional<String> logged(String path, String field) throws IOException {
        return Files.readAllLines(accessLog).reversed().stream()
                .map(Json::tree)
                .filter(line -> line.path("path").asText().equals(path))
                .map(line -> line.path(field))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .findFirst();
    }
}
