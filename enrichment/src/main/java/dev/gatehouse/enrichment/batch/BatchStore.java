package dev.gatehouse.enrichment.batch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.id.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Keeps jobs. What is asked for a tenant sees that tenant's alone. */
public interface BatchStore {

    /** Stores a job with its rows. */
    void create(BatchJob job, List<JsonNode> rows);

    Optional<BatchJob> find(TenantId tenant, String id);

    /** Newest first, those older than {@code before}, which may be empty. */
    List<BatchJob> list(TenantId tenant, String before, int limit);

    /** Stops a job that is not over; its answered rows stay. @return the job as it is then; empty when there is none */
    Optional<BatchJob> cancel(TenantId tenant, String id);

    /** Each row in its order, from a few in memory at a time. */
    void rows(TenantId tenant, String id, Consumer<BatchRow> each);

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
