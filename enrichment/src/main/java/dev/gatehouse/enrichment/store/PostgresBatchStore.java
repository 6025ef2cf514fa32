package dev.gatehouse.enrichment.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.enrichment.batch.BatchJob;
import dev.gatehouse.enrichment.batch.BatchRow;
import dev.gatehouse.enrichment.batch.BatchStore;
import dev.gatehouse.enrichment.batch.RowAnswer;
import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.runtime.api.IdempotencyKey;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.sql.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jobs in PostgreSQL, behind row-level security. */
public final class PostgresBatchStore implements BatchStore {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresBatchStore.class);
    private static final int MOST_ATTEMPTS = 3;
    private static final int PAGE = 500;
    private static final int FORGOTTEN_AT_ONCE = 20;
    private static final String OWN = " tenant_id = :tenant AND mode = :mode";

    private final Database database;
    private final InstantSource clock;

    public PostgresBatchStore(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public Created create(BatchJob job, List<JsonNode> rows, @Nullable IdempotencyKey request) {
        return database.<Created, RuntimeException>asTenant(job.tenant(), transaction -> {
            // one after another per tenant: two requests with one key at once, or two that would both be the last job
            transaction.execute(
                    "SELECT pg_advisory_xact_lock(hashtextextended(?, 6))",
                    job.tenant().value());
            Optional<Created> before =
                    request == null ? Optional.empty() : BatchRequests.before(transaction, job, request);
            if (before.isPresent()) {
                return before.get();
            }
            if (count(transaction, job.owner()) >= MOST_OPEN) {
                return new Created.TooMany();
            }
            insert(transaction, job, rows);
            if (request != null) {
                BatchRequests.remember(transaction, job, request);
            }
            return new Created.New(job);
        });
    }

    private static long count(Handle transaction, Owner owner) {
        return transaction
                .createQuery("SELECT count(*) FROM batch_job WHERE status IN ('queued', 'running') AND" + OWN)
                .bind("tenant", owner.tenant().value())
                .bind("mode", owner.mode().text())
                .mapTo(Long.class)
                .one();
    }

    private static void insert(Handle transaction, BatchJob job, List<JsonNode> rows) {
        transaction
                .createUpdate("""
                        INSERT INTO batch_job (id, tenant_id, key_id, mode, plan, fields, request_id, status, row_count, created_at)
                        VALUES (:id, :tenant, :key, :mode, :plan, :fields, :request, 'queued', :rows, :created)
                        """)
                .bind("id", job.id())
                .bind("tenant", job.tenant().value())
                .bind("key", job.key().value())
                .bind("mode", job.mode().text())
                .bind("plan", job.plan())
                .bindArray("fields", String.class, List.copyOf(job.fields()))
                .bind("request", job.requestId())
                .bind("rows", rows.size())
                .bind("created", at(job.createdAt()))
                .execute();
        transaction
                .createUpdate("""
                        INSERT INTO batch_row (job_id, n, tenant_id, input, status)
                        SELECT :id, n, :tenant, CAST(input AS jsonb), 'pending' FROM unnest(:numbers, :inputs) AS r (n, input)
                        """)
                .bind("id", job.id())
                .bind("tenant", job.tenant().value())
                .bindArray(
                        "numbers",
                        Integer.class,
                        IntStream.rangeClosed(1, rows.size()).boxed().toList())
                .bindArray(
                        "inputs",
                        String.class,
                        rows.stream().map(JsonNode::toString).toList())
                .execute();
    }

    @Override
    public Optional<BatchJob> find(Owner owner, String id) {
        return database.<Optional<BatchJob>, RuntimeException>asTenant(
                owner.tenant(), transaction -> find(transaction, owner, id));
    }

    private static Optional<BatchJob> find(Handle transaction, Owner owner, String id) {
        return transaction
                .createQuery("SELECT * FROM batch_job WHERE id = :id AND" + OWN)
                .bind("id", id)
                .bind("tenant", owner.tenant().value())
                .bind("mode", owner.mode().text())
                .map((row, context) -> job(row))
                .findOne();
    }

    @Override
    public List<BatchJob> list(Owner owner, String before, int limit) {
        return database.<List<BatchJob>, RuntimeException>asTenant(
                owner.tenant(),
                transaction -> transaction
                        .createQuery("SELECT * FROM batch_job WHERE (:before = '' OR id < :before) AND" + OWN
                                + " ORDER BY id DESC LIMIT :limit")
                        .bind("tenant", owner.tenant().value())
                        .bind("mode", owner.mode().text())
                        .bind("before", before)
                        .bind("limit", limit)
                        .map((row, context) -> job(row))
                        .list());
    }

    @Override
    public Optional<BatchJob> cancel(Owner owner, String id) {
        return database.<Optional<BatchJob>, RuntimeException>asTenant(owner.tenant(), transaction -> {
            transaction
                    .createUpdate("UPDATE batch_job SET status = 'cancelled', finished_at = :now"
                            + " WHERE id = :id AND status IN ('queued', 'running') AND" + OWN)
                    .bind("id", id)
                    .bind("tenant", owner.tenant().value())
                    .bind("mode", owner.mode().text())
                    .bind("now", at(clock.instant()))
                    .execute();
            return find(transaction, owner, id);
        });
    }

    @Override
    public int forget() {
        int all = 0;
        int forgotten;
        do {
            // a few at a time: each may have 10,000 rows
            forgotten = database.<Integer, RuntimeException>asSystem(transaction -> transaction
                    .createUpdate("""
                            DELETE FROM batch_job WHERE id IN (
                                SELECT id FROM batch_job WHERE finished_at < :old ORDER BY finished_at LIMIT :limit)
                            """)
                    .bind("old", at(clock.instant().minus(KEPT)))
                    .bind("limit", FORGOTTEN_AT_ONCE)
                    .execute());
            all += forgotten;
        } while (forgotten == FORGOTTEN_AT_ONCE);
        return all;
    }

    @Override
    public void rows(TenantId tenant, String id, Consumer<BatchRow> each) {
        int after = 0;
        List<BatchRow> page;
        do {
            int from = after;
            page = database.<List<BatchRow>, RuntimeException>asTenant(
                    tenant,
                    transaction -> transaction
                            .createQuery("""
                                    SELECT n, input, status, attempts, result FROM batch_row
                                    WHERE job_id = :id AND tenant_id = :tenant AND n > :after ORDER BY n LIMIT :limit
                                    """)
                            .bind("id", id)
                            .bind("tenant", tenant.value())
                            .bind("after", from)
                            .bind("limit", PAGE)
                            .map((row, context) -> row(row))
                            .list());
            page.forEach(each);
            after = page.isEmpty() ? after : page.getLast().number();
        } while (page.size() == PAGE);
    }

    @Override
    public List<String> open() {
        return database.<List<String>, RuntimeException>asSystem(transaction -> transaction
                .createQuery("SELECT id FROM batch_job WHERE status IN ('queued', 'running') ORDER BY id")
                .mapTo(String.class)
                .list());
    }

    @Override
    public int work(String id, int limit, RowAnswer.Answerer answerer) {
        return database.<Integer, RuntimeException>asSystem(transaction -> {
            Optional<BatchJob> found = transaction
                    .createQuery("SELECT * FROM batch_job WHERE id = :id AND status IN ('queued', 'running')")
                    .bind("id", id)
                    .map((row, context) -> job(row))
                    .findOne();
            if (found.isEmpty()) {
                return 0;
            }
            List<BatchRow> rows = transaction
                    .createQuery("""
                            SELECT n, input, status, attempts, result FROM batch_row
                            WHERE job_id = :id AND status = 'pending' ORDER BY n LIMIT :limit FOR UPDATE SKIP LOCKED
                            """)
                    .bind("id", id)
                    .bind("limit", limit)
                    .map((row, context) -> row(row))
                    .list();
            if (!rows.isEmpty()) {
                write(transaction, found.get(), rows, answerer);
            }
            return rows.size();
        });
    }

    private void write(Handle transaction, BatchJob job, List<BatchRow> rows, RowAnswer.Answerer answerer) {
        RowUsage usage = new RowUsage(job, at(clock.instant()));
        PreparedBatch answered = transaction.prepareBatch("""
                UPDATE batch_row SET status = :status, attempts = :attempts, result = CAST(:result AS jsonb)
                WHERE job_id = :job AND n = :n
                """);
        int done = 0;
        int failed = 0;
        for (BatchRow row : rows) {
            Attempted attempted = attempt(job, row, answerer);
            String result = attempted.answer().result().isEmpty()
                    ? null
                    : Json.text(attempted.answer().result());
            answered.bind("job", job.id())
                    .bind("n", row.number())
                    .bind("status", attempted.answer().status().name().toLowerCase(Locale.ROOT))
                    .bind("attempts", attempted.attempts())
                    .bind("result", result)
                    .add();
            if (attempted.answer().status() != BatchRow.Status.PENDING) {
                done++;
                failed += attempted.answer().status() == BatchRow.Status.FAILED ? 1 : 0;
                usage.add(row.number(), attempted.answer(), result == null ? 0 : result.length());
            }
        }
        answered.execute();
        usage.write(transaction);
        transaction
                .createUpdate("""
                        UPDATE batch_job SET done = done + :done, failed = failed + :failed, units = units + :units,
                            status = CASE WHEN status = 'cancelled' THEN status WHEN done + :done >= row_count THEN 'done' ELSE 'running' END,
                            finished_at = CASE WHEN status <> 'cancelled' AND done + :done >= row_count THEN :now ELSE finished_at END
                        WHERE id = :id
                        """)
                .bind("done", done)
                .bind("failed", failed)
                .bind("units", usage.units())
                .bind("now", at(clock.instant()))
                .bind("id", job.id())
                .execute();
    }

    private record Attempted(RowAnswer answer, int attempts) {}

    private static Attempted attempt(BatchJob job, BatchRow row, RowAnswer.Answerer answerer) {
        try {
            return new Attempted(answerer.answer(job, row.input()), row.attempts());
        } catch (RuntimeException e) {
            if (Database.isAway(e) || Database.isBusy(e)) {
                // not the row's fault: all of them are tried again when the database is back
                throw e;
            }
            int attempts = row.attempts() + 1;
            LOG.warn("Row {} of job {} failed, for the {}. time.", row.number(), job.id(), attempts, e);
            return attempts < MOST_ATTEMPTS
                    ? new Attempted(new RowAnswer(BatchRow.Status.PENDING, Map.of(), 0, 0), attempts)
                    : new Attempted(
                            new RowAnswer(
                                    BatchRow.Status.FAILED,
                                    Map.of("error", Map.of("message", "could not be answered; it costs nothing")),
                                    0,
                                    500),
                            attempts);
        }
    }

    static BatchJob job(ResultSet row) throws SQLException {
        OffsetDateTime finished = row.getObject("finished_at", OffsetDateTime.class);
        return new BatchJob(
                row.getString("id"),
                new TenantId(row.getString("tenant_id")),
                new KeyId(row.getString("key_id")),
                KeyMode.valueOf(row.getString("mode").toUpperCase(Locale.ROOT)),
                row.getString("plan"),
                Set.copyOf(Arrays.asList((String[]) row.getArray("fields").getArray())),
                row.getString("request_id"),
                BatchJob.Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                row.getInt("row_count"),
                row.getInt("done"),
                row.getInt("failed"),
                row.getLong("units"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                finished == null ? null : finished.toInstant());
    }

    private static BatchRow row(ResultSet row) throws SQLException {
        String result = row.getString("result");
        return new BatchRow(
                row.getInt("n"),
                Json.tree(row.getString("input")),
                BatchRow.Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                row.getInt("attempts"),
                result == null ? null : Json.tree(result));
    }

    private static OffsetDateTime at(Instant instant) {
        return OffsetDateTime.ofInstant(instant.truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC);
    }
}
