package dev.gatehouse.enrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.engines.RowSecurity;
import dev.gatehouse.engines.ServiceForTests.Answer;
import dev.gatehouse.engines.ServiceForTests.Caller;
import dev.gatehouse.enrichment.batch.UsageShipper;
import dev.gatehouse.kernel.identity.InternalHeaders;
import dev.gatehouse.kernel.usage.UsageBatch;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.kernel.usage.UsageEventCodec;
import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.runtime.json.Json;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BatchTest {
    private static final Duration SOON = Duration.ofSeconds(90);
    private static final int HOMES = 320;

    private final EnrichmentForTests service;

    BatchTest() throws SQLException, IOException {
        service = new EnrichmentForTests(new TestTown(9).sales(HOMES));
        await().atMost(SOON)
                .until(() -> service.get("/v2/enrichment?PropertyKey=home-1").status() == 200);
    }

    @AfterAll
    void close() {
        service.close();
    }

    private String post(Caller caller, String body, String type) {
        Answer answer = service.call(caller, "POST", "/v2/enrichment/batch", body, type);
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(202);
        return answer.json().at("/data/id").asText();
    }

    private JsonNode job(Caller caller, String id) {
        return service.get(caller, "/v2/enrichment/batch/" + id).json().path("data");
    }

    private JsonNode whenOver(Caller caller, String id) {
        await().atMost(SOON).until(() -> job(caller, id).path("result").isTextual());
        return job(caller, id);
    }

    private List<JsonNode> result(Caller caller, String id) {
        return service.get(caller, "/v2/enrichment/batch/" + id + "/result")
                .raw()
                .body()
                .lines()
                .map(Json::tree)
                .toList();
    }

    private static String rows(int count) {
        return "{\"rows\":["
                + String.join(
                        ",",
                        IntStream.range(0, count)
                                .mapToObj(i -> "{\"id\":\"r" + i + "\",\"PropertyKey\":\"home-" + i % HOMES + "\"}")
                                .toList())
                + "]}";
    }

    private List<String> sql(String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(service.database);
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT set_config('gatehouse.tenant', '*', false)");
            try (ResultSet rows = statement.executeQuery(query)) {
                List<String> found = new ArrayList<>();
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
                return found;
            }
        }
    }

    @Test
    @DisplayName("each kind of row gets its answer in its place, a broken one its error, and only answers cost")
    void everyKind() {
        Caller caller = Caller.live();
        String id = post(caller, """
                {"rows":[{"id":7,"address":"101 main street, testville"},{"address":"100 Maple Dr"},{"PropertyKey":"nobody"},
                {"lat":91,"lon":0},"a row",{"adress":"1 Main St"},{"lat":"41.01","lon":"x"},{},
                {"address":"1 %s"}]}""".formatted("a".repeat(10_240)), "application/json");
        JsonNode job = whenOver(caller, id);
        assertThat(job.path("status").asText()).isEqualTo("done");
        assertThat(job.path("done").asInt()).isEqualTo(9);
        assertThat(job.path("failed").asInt()).isEqualTo(6);
        List<JsonNode> lines = result(caller, id);
        assertThat(lines)
                .extracting(line -> line.path("status").asText())
                .containsExactly(
                        "found", "ambiguous", "not_found", "failed", "failed", "failed", "failed", "failed", "failed");
        assertThat(lines.getFirst().at("/data/UnparsedAddress").asText()).isEqualTo("101 Main St");
        assertThat(lines.getFirst().path("id").asInt()).isEqualTo(7);
        assertThat(lines.get(1).path("candidates").size()).isEqualTo(2);
        assertThat(lines.get(3).at("/error/message").asText()).contains("off the earth");
        assertThat(lines.getLast().toString()).contains("longer than").hasSizeLessThan(500);
        int first = lines.getFirst().at("/data/valuation").isObject() ? 2 : 1;
        assertThat(job.path("units").asInt()).isEqualTo(first + 1);
    }

    @Test
    @DisplayName("CSV comes in and goes out, with what a spreadsheet would run made text")
    void csv() {
        Caller caller = Caller.live().testing();
        String id = post(
                caller,
                "\uFEFFid,address\r\n=1+1,\"100 Sandbox St, Sandbox\"\r\nb,146 Sandbox St\r\nc,\r\nd,1,2\r\n",
                "text/csv");
        whenOver(caller, id);
        List<String> lines = service.get(caller, "/v2/enrichment/batch/" + id + "/result?format=csv")
                .raw()
                .body()
                .lines()
                .toList();
        assertThat(lines).hasSize(5);
        assertThat(lines.get(1))
                .startsWith("1,'=1+1,found,sandbox-property-01,100 Sandbox Street,")
                .contains("142390")
                .doesNotContainPattern("\\dE\\+?\\d");
        assertThat(lines.get(2)).startsWith("2,b,ambiguous");
        assertThat(lines.get(3)).startsWith("3,c,failed").contains("is missing");
        assertThat(lines.get(4)).startsWith("4,d,failed").contains("column 3");
    }

    @Test
    @DisplayName("bodies that make no sense are refused whole")
    void badBodies() {
        Caller caller = Caller.live();
        record Bad(String body, String type, int status) {}
        for (Bad bad : List.of(
                new Bad("{\"rows\":[]}", "application/json", 400),
                new Bad("{\"row\":[{}]}", "application/json", 400),
                new Bad("{", "application/json", 400),
                new Bad(rows(10_001), "application/json", 400),
                new Bad("", "text/csv", 400),
                new Bad("name\nx\n", "text/csv", 400),
                new Bad("address\n" + "1 Main St\n".repeat(10_001), "text/csv", 400),
                new Bad("x", "application/xml", 415))) {
            Answer answer = service.call(caller, "POST", "/v2/enrichment/batch", bad.body(), bad.type());
            assertThat(answer.status()).as(answer.raw().body()).isEqualTo(bad.status());
        }
        assertThat(service.get(caller, "/v2/enrichment/batch?cursor=x").status())
                .isEqualTo(400);
        assertThat(service.get(caller, "/v2/enrichment/batch").json().path("data"))
                .isEmpty();
    }

    @Test
    @DisplayName("row 7,311 is broken: it has its error in the result, the 9,999 others are done")
    void oneBrokenRow() {
        Caller caller = Caller.live().testing();
        String body = "PropertyKey\n" + "sandbox-property-03\n".repeat(7_310) + "\"\",broken\n"
                + "sandbox-property-03\n".repeat(2_689);
        String id = post(caller, body, "text/csv");
        JsonNode job = whenOver(caller, id);
        assertThat(job.path("rows").asInt()).isEqualTo(10_000);
        assertThat(job.path("failed").asInt()).isEqualTo(1);
        List<JsonNode> lines = result(caller, id);
        assertThat(lines).hasSize(10_000);
        assertThat(lines.get(7_310).path("status").asText()).isEqualTo("failed");
        assertThat(lines.stream().filter(line -> line.path("status").asText().equals("found")))
                .hasSize(9_999);
    }

    @Test
    @DisplayName("the same request under one idempotency key makes, and costs, one job, and another request is refused")
    void once() {
        Caller caller = Caller.live();
        Answer first = service.postOnce(caller, rows(2), "mine");
        Answer again = service.postOnce(caller, rows(2), "mine");
        assertThat(first.status()).isEqualTo(202);
        assertThat(again.status()).isEqualTo(202);
        assertThat(again.json().at("/data/id")).isEqualTo(first.json().at("/data/id"));
        assertThat(first.header("idempotent-replayed")).isEmpty();
        assertThat(again.header("idempotent-replayed")).isEqualTo("true");
        assertThat(again.header(InternalHeaders.COST)).isEqualTo("0");
        assertThat(service.postOnce(caller, rows(3), "mine").json().path("code").asText())
                .isEqualTo("idempotency_mismatch");
        assertThat(service.postOnce(caller, rows(2), "x".repeat(256)).status()).isEqualTo(400);
        assertThat(service.get(caller, "/v2/enrichment/batch").json().path("data"))
                .hasSize(1);
        assertThat(service.postOnce(caller.testing(), rows(2), "mine").header("idempotent-replayed"))
                .isEmpty();
        assertThat(service.postOnce(Caller.live(), rows(2), "mine").header("idempotent-replayed"))
                .isEmpty();
        service.clock.advance(Duration.ofHours(25));
        assertThat(service.postOnce(caller, rows(2), "mine").header("idempotent-replayed"))
                .isEmpty();
        whenOver(caller, first.json().at("/data/id").asText());
    }

    @Test
    @DisplayName("a test key sees none of the jobs of its tenant's live keys, nor they its")
    void modes() {
        Caller live = Caller.live();
        String id = post(live, rows(1), "application/json");
        whenOver(live, id);
        assertThat(service.get(live.testing(), "/v2/enrichment/batch/" + id).status())
                .isEqualTo(404);
        assertThat(service.get(live.testing(), "/v2/enrichment/batch/" + id + "/result")
                        .status())
                .isEqualTo(404);
        assertThat(service.call(live.testing(), "DELETE", "/v2/enrichment/batch/" + id, "", "application/json")
                        .status())
                .isEqualTo(404);
        assertThat(service.get(live.testing(), "/v2/enrichment/batch").json().path("data"))
                .isEmpty();
    }

    @Test
    @DisplayName("a job and its result are there for 30 days after it is over, and gone by the next hourly job then")
    void retention() throws SQLException {
        Caller caller = Caller.live();
        String id = post(caller, rows(3), "application/json");
        JsonNode job = whenOver(caller, id);
        Instant expires = Instant.parse(job.path("expiresAt").asText());
        assertThat(expires)
                .isEqualTo(Instant.parse(job.path("finishedAt").asText()).plus(Duration.ofDays(30)));
        service.clock.set(expires);
        String kept = post(caller, rows(1), "application/json");
        whenOver(caller, kept);
        forgetJobs();
        assertThat(job(caller, id).path("status").asText()).isEqualTo("done");
        service.clock.advance(Duration.ofSeconds(1));
        forgetJobs();
        assertThat(service.get(caller, "/v2/enrichment/batch/" + id).status()).isEqualTo(404);
        assertThat(service.get(caller, "/v2/enrichment/batch/" + id + "/result").status())
                .isEqualTo(404);
        assertThat(sql("SELECT job_id FROM enrichment.batch_row WHERE job_id = '" + id + "'"))
                .isEmpty();
        assertThat(job(caller, kept).path("status").asText()).isEqualTo("done");
    }

    /** Lets the scheduler do now what it does each hour, and waits until it has. */
    private void forgetJobs() throws SQLException {
        String last = "SELECT coalesce(last_success::text, '') FROM enrichment.scheduled_tasks"
                + " WHERE task_name = 'forget-old-jobs' AND NOT picked";
        await().atMost(SOON).until(() -> !sql(last).isEmpty());
        List<String> before = sql(last);
        sql("UPDATE enrichment.scheduled_tasks SET execution_time = now() WHERE task_name = 'forget-old-jobs'"
                + " RETURNING task_name");
        await().atMost(SOON).until(() -> !sql(last).isEmpty() && !sql(last).equals(before));
    }

    @Test
    @DisplayName("a tenant has no way to another's jobs: not by the API, not by SQL in its own context")
    void isolation() throws SQLException {
        Caller mine = Caller.live();
        Caller other = Caller.live();
        String id = post(mine, rows(3), "application/json");
        whenOver(mine, id);
        service.postOnce(mine, rows(1), "mine");
        assertThat(service.get(other, "/v2/enrichment/batch/" + id).status()).isEqualTo(404);
        assertThat(service.get(other, "/v2/enrichment/batch/" + id + "/result").status())
                .isEqualTo(404);
        assertThat(service.call(other, "DELETE", "/v2/enrichment/batch/" + id, "", "application/json")
                        .status())
                .isEqualTo(404);
        assertThat(service.get(other, "/v2/enrichment/batch").json().path("data"))
                .isEmpty();
        assertThat(service.get(mine, "/v2/enrichment/batch").json().path("data"))
                .hasSize(2);
        assertThat(RowSecurity.gaps(service.database)).isEmpty();
        try (Connection connection = DriverManager.getConnection(service.database);
                Statement statement = connection.createStatement()) {
            statement.execute("SET ROLE gatehouse_enrichment");
            statement.execute(
                    "SELECT set_config('gatehouse.tenant', '" + other.tenant().value() + "', false)");
            for (String table : List.of("batch_job", "batch_row", "batch_request", "usage_event")) {
                try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM enrichment." + table)) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getInt(1)).as(table).isZero();
                }
            }
        }
    }

    @Test
    @DisplayName("a cancelled job begins no more rows, and says which it did not do")
    void cancel() {
        Caller caller = Caller.live();
        String id = post(caller, rows(4_000), "application/json");
        JsonNode cancelled = service.call(caller, "DELETE", "/v2/enrichment/batch/" + id, "", "application/json")
                .json()
                .path("data");
        assertThat(cancelled.path("status").asText()).isEqualTo("cancelled");
        List<JsonNode> lines = result(caller, id);
        assertThat(lines).hasSize(4_000);
        assertThat(lines.getLast().path("status").asText()).isEqualTo("cancelled");
        assertThat(service.call(caller, "DELETE", "/v2/enrichment/batch/" + id, "", "application/json")
                        .json()
                        .at("/data/status")
                        .asText())
                .isEqualTo("cancelled");
    }

    @Test
    @DisplayName(
            "the worker's connections die in the middle and the service comes back: each row is done and metered once")
    void survivesAKill() throws Exception {
        Caller caller = Caller.live();
        String id = post(caller, rows(600), "application/json");
        await().atMost(SOON).until(() -> job(caller, id).path("done").asInt() > 0);
        sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gatehouse-enrichment'");
        service.restart();
        JsonNode job = whenOver(caller, id);
        assertThat(job.path("done").asInt()).isEqualTo(600);
        List<JsonNode> lines = result(caller, id);
        assertThat(lines)
                .allSatisfy(line -> assertThat(line.path("status").asText()).isEqualTo("found"));
        long units = lines.stream()
                .mapToLong(line -> line.at("/data/valuation").isObject() ? 2 : 1)
                .sum();
        assertThat(job.path("units").asLong()).isEqualTo(units);
        await().atMost(SOON).untilAsserted(() -> {
            List<UsageEvent> events = shipped().stream()
                    .filter(event -> event.tenant().equals(caller.tenant()))
                    .toList();
            assertThat(events).hasSize(600);
            assertThat(events.stream().mapToLong(UsageEvent::charged).sum()).isEqualTo(units);
            assertThat(events).allMatch(UsageEvent::billable);
        });
    }

    @Test
    @DisplayName(
            "rows take their units from the tenant's daily quota, as calls of the same questions would, and not from its bucket")
    void quota() throws Exception {
        Caller caller = Caller.live();
        // usage stands at the instance's day, admission at that of Redis
        service.clock.set(Instant.now());
        double today = Math.floorDiv(Instant.now().getEpochSecond(), 86_400);
        try (var connection = service.redis.connectBytes()) {
            String levels = UsageStreams.levels(caller.tenant());
            connection.sync().set(levels, packed(5, 1_000, 40, today));
            String id = post(caller, rows(30), "application/json");
            long units = whenOver(caller, id).path("units").asLong();
            assertThat(units).isPositive();
            await().atMost(SOON)
                    .untilAsserted(() ->
                            assertThat(connection.sync().get(levels)).isEqualTo(packed(5, 1_000, 40 + units, today)));
            // of a day that is over: the quota begins anew
            connection.sync().set(levels, packed(5, 1_000, 40, today - 1));
            long more = whenOver(caller, post(caller, rows(1), "application/json"))
                    .path("units")
                    .asLong();
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(connection.sync().get(levels)).isEqualTo(packed(5, 1_000, more, today)));
        } finally {
            service.clock.set(EnrichmentForTests.START);
        }
    }

    /** As admission keeps it. */
    private static byte[] packed(double ticks, double micros, double units, double day) {
        return ByteBuffer.allocate(32)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putDouble(ticks)
                .putDouble(micros)
                .putDouble(units)
                .putDouble(day)
                .array();
    }

    @Test
    @DisplayName("rows of test keys are never billable, and what the ledger has confirmed is forgotten")
    void usage() throws Exception {
        Caller caller = Caller.live().testing();
        String id = post(caller, "PropertyKey\nsandbox-property-01\nnobody\n", "text/csv");
        whenOver(caller, id);
        await().atMost(SOON).untilAsserted(() -> {
            List<UsageEvent> events = shipped().stream()
                    .filter(event -> event.tenant().equals(caller.tenant()))
                    .toList();
            assertThat(events).extracting(UsageEvent::charged).containsExactly(2L, 0L);
            assertThat(events).extracting(UsageEvent::status).containsExactly(200, 404);
            assertThat(events).noneMatch(UsageEvent::billable);
            assertThat(events).allMatch(event -> event.operation().equals(UsageShipper.OPERATION));
        });
        long last = Long.parseLong(
                sql("SELECT max(seq) FROM enrichment.usage_event").getFirst());
        long epoch = Long.parseLong(
                sql("SELECT epoch FROM enrichment.usage_sequence").getFirst());
        service.redis
                .commands()
                .hset(
                        UsageStreams.committed(0),
                        UsageStreams.committedField(UsageBatch.Kind.USAGE, UsageShipper.PRODUCER, epoch),
                        Long.toString(last));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(sql("SELECT seq FROM enrichment.usage_event WHERE seq <= " + last))
                        .isEmpty());
    }

    /** Everything on the stream, each number once; its numbers are dense. */
    private List<UsageEvent> shipped() throws Exception {
        List<UsageEvent> events = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        try (var connection = service.redis.connectBytes()) {
            for (StreamMessage<String, byte[]> message :
                    connection.sync().xrange(UsageStreams.stream(0), Range.unbounded())) {
                UsageBatch batch = UsageBatch.ofFields(message.getBody());
                batch.forEach((seq, bytes, offset, length) -> {
                    if (seen.add(seq)) {
                        events.add(UsageEventCodec.decode(batch.producer(), batch.epoch(), seq, bytes, offset, length));
                    }
                });
            }
        }
        Set<Long> sorted = new TreeSet<>(seen);
        assertThat(sorted)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, seen.size()).boxed().toList());
        return events;
    }
}
