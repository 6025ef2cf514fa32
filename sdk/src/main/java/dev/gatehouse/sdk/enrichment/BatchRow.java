package dev.gatehouse.sdk.enrichment;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of a row.
 *
 * @param row its place, from 1
 * @param id your own
 * @param status {@code found, ambiguous, not_found, failed} or {@code cancelled}
 * @param home of {@code found}
 * @param candidates of {@code ambiguous}
 * @param error of {@code failed}
 */
public record BatchRow(
        int row,
        @Nullable String id,
        String status,
        @JsonProperty("data") @Nullable EnrichedHome home,
        @Nullable List<Candidate> candidates,
        @Nullable Fault error) {

    /** What was wrong. */
    public record Fault(@Nullable String field, String message) {}
}
