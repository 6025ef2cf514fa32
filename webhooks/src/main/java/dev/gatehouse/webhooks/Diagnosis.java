package dev.gatehouse.webhooks;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the receiver doctor found.
 *
 * @param healthy whether nothing failed
 * @param findings in the order of a delivery's way: name, TLS, answer, signature
 */
public record Diagnosis(String endpoint, Instant at, boolean healthy, List<Finding> findings) {
    public Diagnosis {
        findings = List.copyOf(findings);
    }

    /** How a check went. */
    public enum Outcome {
        GOOD,
        /** Deliveries arrive, but something is unsafe or will break. */
        WARNING,
        /** Deliveries fail, or anyone could forge them. */
        FAILED,
        /** It could not be looked at, since something before it failed. */
        SKIPPED
    }

    /**
     * One check.
     *
     * @param check {@code dns}, {@code tls}, {@code redirect}, {@code acknowledgement}, {@code signature}, {@code replay}
     * @param found in words
     * @param fix what to do about it, in words; null when there is nothing to do
     */
    public record Finding(
            String check,
            Outcome outcome,
            String found,
            @Nullable String fix) {
        public static Finding good(String check, String found) {
            return new Finding(check, Outcome.GOOD, found, null);
        }

        public static Finding warning(String check, String found, String fix) {
            return new Finding(check, Outcome.WARNING, found, fix);
        }

        public static Finding failed(String check, String found, String fix) {
            return new Finding(check, Outcome.FAILED, found, fix);
        }

        public static Finding skipped(String check, String found) {
            return new Finding(check, Outcome.SKIPPED, found, null);
        }
    }
}
