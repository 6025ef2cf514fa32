package dev.gatehouse.enrichment.batch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.runtime.api.IdempotencyKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps jobs. What is asked for a tenant sees that tenant's alone. */
public interface BatchStore {

    /** Jobs of one owner that are not over. */
    int MOST_OPEN = 50;

    /** How long a job and its result are kept once it is over. */
    Duration KEPT = Duration.ofDays(30);

    /** Whose jobs, and which of the two lists: a test-mode key sees nothing that a live key asked for. */
    record Owner(TenantId tenant, KeyMode mode) {}

    /** What came of a wish for a job. */
    sealed interface Created {
        record New(BatchJob job) implements Created {}

        /** The same request was made before; this is its job as it is now. */
        record Again(BatchJob job) implements Created {}

        /** The idempotency key was used for another request. */
        record OtherRequest() implements Created {}

        /** {@link #MOST_OPEN} are not over. */
        record TooMany() implements Created {}
    }

    /** Stores a job with its rows; once, however often the same request comes within a day. */
    Created create(BatchJob job, List<JsonNode> rows, @Nullable IdempotencyKey request);

    Optional<BatchJob> find(Owner owner, String id);

    /** Newest first, those older than {@code before}, which may be empty. */
    List<BatchJob> list(Owner owner, String before, int limit);

    /** Stops a job that is not over; its answered rows stay. @return the job as it is then; empty when there is none */
    Optional<BatchJob> cancel(Owner owner, String id);

    /** Each row in its order, from a few in memory at a time. */
    void rows(TenantId tenant, String id, Consumer<BatchRow> each);

    /** Forgets what has been over for longer than {@link #KEPT}, with its rows. @return how many jobs */
    int forget();

    /** Jobs of every tenant that are not over. */
    List<String> open();

    /**
     * Answers the next rows of a job that no one else is at, with their usage, in one transaction: all of it happens or
     * nothing.
     *
     * @return how many were taken; 0 when none is left for this caller
     */
    int work(String id, int limit, RowAnswer.Answerer answerer);
}
