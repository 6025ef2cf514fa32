package dev.gatehouse.enrichment.batch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a row is answered.
 *
 * @param result for its line
 * @param units that it costs
 * @param httpStatus that the same question asked alone would have been answered with; 0 for a row that is not metered
 */
public record RowAnswer(BatchRow.Status status, Map<String, @Nullable Object> result, int units, int httpStatus) {

    /** What answers a row. */
    @FunctionalInterface
    public interface Answerer {
        /** @throws RuntimeException when it cannot be answered now */
        RowAnswer answer(BatchJob job, JsonNode input);
    }
}
