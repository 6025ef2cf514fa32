package dev.gatehouse.enrichment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.enrichment.batch.BatchJob;
import dev.gatehouse.enrichment.batch.BatchRow;
import dev.gatehouse.enrichment.batch.BatchStore;
import dev.gatehouse.enrichment.batch.RowAnswer;
import dev.gatehouse.enrichment.store.PostgresBatchStore;
import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.time.SettableClock;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@DisplayName("A row of a job")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RowRetryTest {
    private final SettableClock clock = new SettableClock(EnrichmentForTests.START);
    private final Database database;
    private final BatchStore store;

    RowRetryTest() throws Exception {
        database = Database.open(
                DatabaseUrl.parse(EnginesForTests.newDatabase()),
                "enrichment",
                "classpath:dev/gatehouse/enrichment/store/migration",
                2);
        store = new PostgresBatchStore(database, clock);
    }

    @AfterAll
    void close() {
        database.close();
    }

    private BatchJob job(int rows) {
        return new BatchJob(
                PrefixedId.next("job", clock),
                TenantId.next(clock),
                KeyId.next(clock),
                KeyMode.LIVE,
                "growth",
                Set.of("*"),
                "req_1",
                BatchJob.Status.QUEUED,
                rows,
                0,
                0,
                0,
                clock.instant(),
                null);
    }

    @Test
    @DisplayName("that breaks what answers it is tried three times in all; it fails alone, and costs nothing")
    void retries() {
        List<JsonNode> rows = List.of(Json.tree("{\"id\":1}"), Json.tree("{\"id\":2}"), Json.tree("{\"id\":3}"));
        BatchJob job = job(rows.size());
        assertThat(store.create(job, rows, null)).isInstanceOf(BatchStore.Created.New.class);
        Map<Integer, Integer> tries = new HashMap<>();
        RowAnswer.Answerer answerer = (asked, input) -> {
            int id = input.path("id").asInt();
            int made = tries.merge(id, 1, Integer::sum);
            if (id == 2 || (id == 3 && made == 1)) {
                throw new IllegalStateException("no answer");
            }
            return new RowAnswer(BatchRow.Status.FOUND, Map.of(), 2, 200);
        };
        while (store.work(job.id(), 25, answerer) > 0) {
            // the next rows, or the same once more
        }
        assertThat(tries).isEqualTo(Map.of(1, 1, 2, 3, 3, 2));
        List<BatchRow.Status> statuses = new ArrayList<>();
        store.rows(job.tenant(), job.id(), row -> statuses.add(row.status()));
        assertThat(statuses).containsExactly(BatchRow.Status.FOUND, BatchRow.Status.FAILED, BatchRow.Status.FOUND);
        BatchJob over = store.find(job.owner(), job.id()).orElseThrow();
        assertThat(over.status()).isEqualTo(BatchJob.Status.DONE);
        assertThat(over.failed()).isEqualTo(1);
        assertThat(over.units()).isEqualTo(4);
    }

    @Test
    @DisplayName("waits only behind fifty open jobs of its tenant: one more job is refused until one is over")
    void mostOpen() {
        BatchJob first = job(1);
        List<JsonNode> row = List.of(Json.tree("{\"id\":1}"));
        assertThat(store.create(first, row, null)).isInstanceOf(BatchStore.Created.New.class);
        for (int i = 1; i < BatchStore.MOST_OPEN; i++) {
            assertThat(store.create(of(first), row, null)).isInstanceOf(BatchStore.Created.New.class);
        }
        assertThat(store.create(of(first), row, null)).isInstanceOf(BatchStore.Created.TooMany.class);
        assertThat(store.create(job(1), row, null)).isInstanceOf(BatchStore.Created.New.class);
        assertThat(store.cancel(first.owner(), first.id())).isPresent();
        assertThat(store.create(of(first), row, null)).isInstanceOf(BatchStore.Created.New.class);
    }

    /** Another job of the same tenant. */
    private BatchJob of(BatchJob other) {
        BatchJob made = job(1);
        return new BatchJob(
                made.id(),
                other.tenant(),
                other.key(),
                other.mode(),
                other.plan(),
                other.fields(),
                other.requestId(),
                made.status(),
                made.rows(),
                0,
                0,
                0,
                made.createdAt(),
                null);
    }
}
