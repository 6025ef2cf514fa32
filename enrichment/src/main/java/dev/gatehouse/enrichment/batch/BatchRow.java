package dev.gatehouse.enrichment.batch;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * One row of a job.
 *
 * @param number from 1, as in the body that brought it
 * @param input as it was sent
 * @param attempts that failed for reasons of ours
 * @param result what its line of the result says besides its number and status; null while it is pending
 */
public record BatchRow(
        int number,
        JsonNode input,
        Status status,
        int attempts,
        @Nullable JsonNode result) {

    /** What became of it. */
    public enum Status {
        PENDING,
        FOUND,
        AMBIGUOUS,
        NOT_FOUND,
        /** It cannot be understood, or failed for reasons of ours three times. */
        FAILED
    }
}
