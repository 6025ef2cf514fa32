package dev.gatehouse.sdk.enrichment;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a question came to. A home that is not known is a {@code RefusedException} with the code {@code not_found}, and free.
 *
 * @param home null when several may be meant
 * @param candidates those, the likeliest first; empty when there is a home
 * @param unvalued why the home has no value, as in {@code facts_missing}; null when it has one
 * @param absentFields fields that your plan does not include; they are null in {@code home}
 */
public record Enriched(
        @Nullable EnrichedHome home,
        List<Candidate> candidates,
        @Nullable String unvalued,
        List<String> absentFields) {
    public Enriched {
        candidates = List.copyOf(candidates);
        absentFields = List.copyOf(absentFields);
    }

    /** As it is on the wire. */
    record Answer(@Nullable EnrichedHome data, @Nullable List<Candidate> candidates, Meta meta) {
        record Meta(@Nullable String unvalued, @Nullable List<String> absentFields) {}

        Enriched read() {
            List<String> absent = meta.absentFields();
            return new Enriched(
                    data,
                    candidates == null ? List.of() : candidates,
                    meta.unvalued(),
                    absent == null ? List.of() : absent);
        }
    }
}
