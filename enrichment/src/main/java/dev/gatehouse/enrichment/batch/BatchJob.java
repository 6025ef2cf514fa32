package dev.gatehouse.enrichment.batch;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Many homes asked for at once.
 *
 * @param id {@code job_…}
 * @param fields field groups of the plan when the job was made, which its rows are answered by
 * @param requestId of the call that made it, under which its rows' usage is logged
 * @param rows in all
 * @param done rows that are answered, failed ones included
 * @param failed rows that could not be answered
 * @param units that the rows cost so far
 */
public record BatchJob(
        String id,
        TenantId tenant,
        KeyId key,
        KeyMode mode,
        String plan,
        Set<String> fields,
        String requestId,
        Status status,
        int rows,
        int done,
        int failed,
        long units,
        Instant createdAt,
        @Nullable Instant finishedAt) {

    /** The most rows of a job. */
    public static final int MOST_ROWS = 10_000;

    /** Whose it is. */
    public BatchStore.Owner owner() {
        return new BatchStore.Owner(tenant, mode);
    }

    public BatchJob {
        fields = Set.copyOf(fields);
    }

    /** Where it stands. */
    public enum Status {
        QUEUED,
        RUNNING,
        DONE,
        CANCELLED;

        public boolean isOver() {
            return this == DONE || this == CANCELLED;
        }
    }
}
