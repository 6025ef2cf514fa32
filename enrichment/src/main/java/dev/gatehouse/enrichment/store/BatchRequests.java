package dev.gatehouse.enrichment.store;

import dev.gatehouse.enrichment.batch.BatchJob;
import dev.gatehouse.enrichment.batch.BatchStore.Created;
import dev.gatehouse.runtime.api.IdempotencyKey;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What requests with an idempotency key have made, for a day. */
final class BatchRequests {
    private static final Duration REMEMBERED = Duration.ofHours(24);

    private BatchRequests() {}

    /** What the same tenant's request with the same key has made. @param wanted the job that it would make now */
    static Optional<Created> before(Handle transaction, BatchJob wanted, IdempotencyKey request) {
        transaction
                .createUpdate("DELETE FROM batch_request WHERE tenant_id = :tenant AND created_at < :old")
                .bind("tenant", wanted.tenant().value())
                .bind("old", OffsetDateTime.ofInstant(wanted.createdAt().minus(REMEMBERED), ZoneOffset.UTC))
                .execute();
        return transaction
                .createQuery("""
                        SELECT r.digest, j.* FROM batch_request r
                        JOIN batch_job j ON j.id = r.job_id AND j.tenant_id = r.tenant_id
                        WHERE r.tenant_id = :tenant AND r.mode = :mode AND r.key = :key
                        """)
                .bind("tenant", wanted.tenant().value())
                .bind("mode", wanted.mode().text())
                .bind("key", request.key())
                .map((row, context) -> row.getString("digest").equals(request.digest())
                        ? (Created) new Created.Again(PostgresBatchStore.job(row))
                        : new Created.OtherRequest())
                .findOne();
    }

    static void remember(Handle transaction, BatchJob job, IdempotencyKey request) {
        transaction
                .createUpdate("""
                        INSERT INTO batch_request (tenant_id, mode, key, digest, job_id, created_at)
                        VALUES (:tenant, :mode, :key, :digest, :job, :created)
                        """)
                .bind("tenant", job.tenant().value())
                .bind("mode", job.mode().text())
                .bind("key", request.key())
                .bind("digest", request.digest())
                .bind("job", job.id())
                .bind("created", OffsetDateTime.ofInstant(job.createdAt(), ZoneOffset.UTC))
                .execute();
    }
}
