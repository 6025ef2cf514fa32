package dev.gatehouse.signals;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.engines.RowSecurity;
import dev.gatehouse.engines.ServiceForTests.Answer;
import dev.gatehouse.engines.ServiceForTests.Caller;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.signal.AlertFilter;
import dev.gatehouse.kernel.signal.SavedAlert;
import dev.gatehouse.kernel.signal.Severity;
import dev.gatehouse.kernel.signal.SignalFacts;
import dev.gatehouse.kernel.signal.SignalType;
import dev.gatehouse.runtime.json.Json;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@DisplayName("A saved alert")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
class AlertsTest {
    private static final String CHEAPER =
            "{\"name\":\"Cheaper\",\"filter\":{\"types\":[\"price_cut\"],\"areas\":[\"City:Toledo, OH\"],\"severity\":\"medium\"}}";

    private SignalsForTests service;

    @BeforeAll
    void start() throws Exception {
        service = new SignalsForTests();
    }

    @AfterAll
    void stop() {
        service.close();
    }

    private Caller newTenant() {
        return new Caller(TenantId.next(service.clock), KeyMode.LIVE, Set.of("*"));
    }

    private Answer save(Caller caller, String body, String... headers) {
        return service.call(caller, "POST", "/v2/alerts", body, headers);
    }

    private static String id(Answer answer) {
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(201);
        return answer.json().at("/data/id").asText();
    }

    @Test
    @DisplayName("is there until it is deleted")
    void lives() {
        Caller caller = newTenant();
        Answer saved = save(caller, CHEAPER);
        String id = id(saved);
        assertThat(saved.header("location")).isEqualTo("/v2/alerts/" + id);
        assertThat(saved.json().at("/data/filter/areas").toString()).isEqualTo("[\"city:toledo-oh\"]");
        assertThat(service.get(caller, "/v2/alerts/" + id)
                        .json()
                        .at("/data/name")
                        .asText())
                .isEqualTo("Cheaper");
        assertThat(service.get(caller, "/v2/alerts").json().path("data")).hasSize(1);
        assertThat(service.call(caller, "DELETE", "/v2/alerts/" + id, "").status())
                .isEqualTo(204);
        assertThat(service.get(caller, "/v2/alerts/" + id).status()).isEqualTo(404);
        assertThat(service.call(caller, "DELETE", "/v2/alerts/" + id, "").status())
                .isEqualTo(404);
        assertThat(service.get(caller, "/v2/alerts").json().path("data")).isEmpty();
    }

    @Test
    @DisplayName("is listed by pages")
    void pages() {
        Caller caller = newTenant();
        for (int i = 0; i < 5; i++) {
            id(save(caller, CHEAPER));
            service.clock.advance(Duration.ofMillis(1));
        }
        JsonNode first = service.get(caller, "/v2/alerts?limit=3").json();
        JsonNode second = service.get(
                        caller,
                        "/v2/alerts?limit=3&cursor=" + first.at("/page/next").asText())
                .json();
        assertThat(first.path("data")).hasSize(3);
        assertThat(second.path("data")).hasSize(2);
        assertThat(second.at("/page/next").isNull()).isTrue();
        assertThat(service.get(
                                newTenant(),
                                "/v2/alerts?limit=3&cursor="
                                        + first.at("/page/next").asText())
                        .json()
                        .path("code")
                        .asText())
                .isEqualTo("invalid_cursor");
    }

    @Test
    @DisplayName("is refused when it is wrong, each fault by its field")
    void faults() {
        assertFault("{\"name\":\"x\",\"filter\":{\"areas\":[\"43604\",\"zip:43604\"]}}", "filter.areas");
        assertFault("{\"name\":\"x\",\"filter\":{\"types\":[\"price_drop\"]}}", "filter.types");
        assertFault("{\"name\":\"x\",\"filter\":{\"minPrice\":2,\"maxPrice\":1}}", "filter.minPrice");
        assertFault("{\"name\":\"\",\"filter\":{}}", "name");
        assertFault("{\"filter\":{}}", "name");
        assertFault("{\"name\":\"x\",\"filter\":{\"colour\":\"red\"}}", "filter.colour");
        assertThat(save(service.acme, "not json").status()).isEqualTo(400);
        assertThat(save(service.acme, CHEAPER, "Idempotency-Key", "x".repeat(256))
                        .status())
                .isEqualTo(400);
    }

    private void assertFault(String body, String field) {
        Answer answer = save(service.acme, body);
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(400);
        assertThat(answer.json().path("errors").findValuesAsText("field"))
                .anySatisfy(named -> assertThat(named).startsWith(field));
    }

    @Test
    @DisplayName("is made once by one idempotency key, also by requests at the same time")
    void idempotent() throws Exception {
        Caller caller = newTenant();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<String> request = () -> id(save(caller, CHEAPER, "Idempotency-Key", "k-1"));
            List<Future<String>> answers = threads.invokeAll(List.of(request, request, request, request));
            Set<String> ids = new java.util.HashSet<>();
            for (Future<String> answer : answers) {
                ids.add(answer.get());
            }
            assertThat(ids).hasSize(1);
        }
        assertThat(save(caller, CHEAPER, "Idempotency-Key", "k-1").header("idempotent-replayed"))
                .isEqualTo("true");
        Answer other = save(caller, CHEAPER.replace("Cheaper", "Other"), "Idempotency-Key", "k-1");
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.json().path("code").asText()).isEqualTo("idempotency_mismatch");
        assertThat(service.get(caller, "/v2/alerts").json().path("data")).hasSize(1);
        assertThat(id(save(newTenant(), CHEAPER, "Idempotency-Key", "k-1"))).isNotEmpty();
        service.clock.advance(Duration.ofHours(25));
        assertThat(save(caller, CHEAPER, "Idempotency-Key", "k-1").header("idempotent-replayed"))
                .isEmpty();
        assertThat(service.get(caller, "/v2/alerts").json().path("data")).hasSize(2);
    }

    @Test
    @DisplayName("is nothing to another tenant, nor to a test key of its own")
    void isolated() {
        Caller mine = newTenant();
        String id = id(save(mine, CHEAPER));
        for (Caller other : List.of(newTenant(), mine.testing())) {
            assertThat(service.get(other, "/v2/alerts").json().path("data")).isEmpty();
            assertThat(service.get(other, "/v2/alerts/" + id).status()).isEqualTo(404);
            assertThat(service.call(other, "DELETE", "/v2/alerts/" + id, "").status())
                    .isEqualTo(404);
        }
        assertThat(service.get(mine, "/v2/alerts/" + id).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("is kept by row-level security from every statement in another tenant's context")
    void rowSecurity() throws Exception {
        assertThat(RowSecurity.gaps(service.database)).isEmpty();
        Caller mine = newTenant();
        String id = id(save(mine, CHEAPER, "Idempotency-Key", "secret"));
        String other = TenantId.next(service.clock).value();
        for (String context : List.of(other, "", "%", "' OR true --")) {
            for (String table : List.of("alert", "alert_request")) {
                assertThat(in(context, "SELECT count(*) FROM signals." + table)).isEqualTo("0");
                assertThat(in(
                                context,
                                "WITH d AS (DELETE FROM signals." + table + " RETURNING 1) SELECT count(*) FROM d"))
                        .isEqualTo("0");
            }
            assertThat(in(
                            context,
                            "WITH u AS (UPDATE signals.alert SET name = 'taken' RETURNING 1) SELECT count(*) FROM u"))
                    .isEqualTo("0");
        }
        assertThat(in(mine.tenant().value(), "SELECT count(*) FROM signals.alert"))
                .isEqualTo("1");
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> in(
                        other,
                        "WITH i AS (UPDATE signals.alert_version SET version = version RETURNING version), n AS (INSERT INTO"
                                + " signals.alert (id, tenant_id, mode, name, filter, version, created_at) VALUES ('alr_x', '"
                                + mine.tenant().value()
                                + "', 'live', 'x', '{}', -1, now()) RETURNING 1) SELECT count(*)"
                                + " FROM n"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("row-level security");
        assertThat(service.get(mine, "/v2/alerts/" + id).status()).isEqualTo(200);
    }

    /** What a statement finds that works as the service does, for one tenant. */
    private String in(String tenant, String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(service.database);
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SET ROLE gatehouse_signals");
            try (var context = connection.prepareStatement("SELECT set_config('gatehouse.tenant', ?, true)")) {
                context.setString(1, tenant);
                context.execute();
            }
            try (ResultSet rows = statement.executeQuery(query)) {
                rows.next();
                String found = rows.getString(1);
                connection.rollback();
                return found;
            }
        }
    }

    @Test
    @DisplayName("is told to other processes in the order of its changes, and so is its end")
    void told() {
        long before = page(0).last();
        Caller caller = newTenant();
        String id = id(save(caller, CHEAPER));
        id(save(caller.testing(), CHEAPER));
        service.call(caller, "DELETE", "/v2/alerts/" + id, "");
        SavedAlert.Page page = page(before);
        assertThat(page.last()).isEqualTo(before + 3);
        assertThat(page.alerts()).extracting(SavedAlert::version).containsExactly(before + 2, before + 3);
        SavedAlert gone = page.alerts().getLast();
        assertThat(gone.id()).isEqualTo(id);
        assertThat(gone.tenant()).isEqualTo(caller.tenant().value());
        assertThat(page.alerts())
                .allSatisfy(alert -> assertThat(alert.deleted()).isTrue());
        assertThat(service.internal("/internal/alerts?after=x").status()).isEqualTo(400);
    }

    private SavedAlert.Page page(long after) {
        Answer answer = service.internal("/internal/alerts?after=" + after);
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        return Json.read(answer.raw().body(), SavedAlert.Page.class);
    }

    @Test
    @DisplayName("wants what its filter says")
    void wants() {
        SignalFacts signal = new SignalFacts(
                SignalType.PRICE_CUT,
                Severity.MEDIUM,
                "p",
                "l",
                "Residential",
                List.of("county:lucas-oh", "city:toledo-oh", "zip:43604", "geohash:dpkx7vw9x"),
                java.math.BigDecimal.valueOf(200_000));
        assertThat(filter("{}").wants(signal)).isTrue();
        assertThat(filter("{\"types\":[\"price_cut\",\"new_listing\"]}").wants(signal))
                .isTrue();
        assertThat(filter("{\"types\":[\"new_listing\"]}").wants(signal)).isFalse();
        assertThat(filter("{\"severity\":\"medium\"}").wants(signal)).isTrue();
        assertThat(filter("{\"severity\":\"high\"}").wants(signal)).isFalse();
        assertThat(filter("{\"areas\":[\"geohash:dpkx7\"]}").wants(signal)).isTrue();
        assertThat(filter("{\"areas\":[\"geohash:dpky\",\"zip:43605\"]}").wants(signal))
                .isFalse();
        assertThat(filter("{\"areas\":[\"zip:43604\"],\"propertyKeys\":[\"p\"]}")
                        .wants(signal))
                .isTrue();
        assertThat(filter("{\"propertyTypes\":[\"Land\"]}").wants(signal)).isFalse();
        assertThat(filter("{\"minPrice\":200000,\"maxPrice\":200000}").wants(signal))
                .isTrue();
        assertThat(filter("{\"maxPrice\":199999}").wants(signal)).isFalse();
    }

    private static AlertFilter filter(String json) {
        return Json.read(json, AlertFilter.class);
    }
}
