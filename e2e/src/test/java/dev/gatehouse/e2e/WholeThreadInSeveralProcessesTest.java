package dev.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.e2e.harness.SpanCollector;
import dev.gatehouse.e2e.harness.Topology;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Gateway, directory, listings and signals apart: one thread through all of Gatehouse")
class WholeThreadInSeveralProcessesTest extends JavaClient {
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
