package dev.gatehouse.enrichment.store;

import dev.gatehouse.enrichment.batch.BatchJob;
import dev.gatehouse.enrichment.batch.RowAnswer;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** The usage of some rows of a job, numbered without a gap in the transaction that answers them. */
final class RowUsage {
    private record Row(int number, int status, int units, int bytes) {}

    private final BatchJob job;
    private final OffsetDateTime at;
    private final List<Row> rows = new ArrayList<>();

    RowUsage(BatchJob job, OffsetDateTime at) {
        this.job = job;
        this.at = at;
    }

    void add(int number, RowAnswer answer, int bytes) {
        rows.add(new Row(number, answer.httpStatus(), answer.units(), bytes));
    }

    long units() {
        return rows.stream().mapToLong(Row::units).sum();
    }

    void write(Handle transaction) {
        if (rows.isEmpty()) {
            return;
        }
        transaction.execute(
                "INSERT INTO usage_sequence (epoch, seq) VALUES (?, 0) ON CONFLICT DO NOTHING",
                at.toInstant().toEpochMilli());
        long last = transaction
                .createQuery("UPDATE usage_sequence SET seq = seq + :count RETURNING seq")
                .bind("count", rows.size())
                .mapTo(Long.class)
                .one();
        long seq = last - rows.size();
        PreparedBatch batch = transaction.prepareBatch("""
                INSERT INTO usage_event (seq, tenant_id, job_id, n, at, key_id, mode, plan, request_id, status, units, bytes)
                VALUES (:seq, :tenant, :job, :n, :at, :key, :mode, :plan, :request, :status, :units, :bytes)
                """);
        for (Row row : rows) {
            seq++;
            batch.bind("seq", seq)
                    .bind("tenant", job.tenant().value())
                    .bind("job", job.id())
                    .bind("n", row.number())
                    .bind("at", at)
                    .bind("key", job.key().value())
                    .bind("mode", job.mode().text())
                    .bind("plan", job.plan())
                    .bind("request", job.requestId())
                    .bind("status", row.status())
                    .bind("units", row.units())
                    .bind("bytes", row.bytes())
                    .add();
        }
        batch.execute();
    }
}
