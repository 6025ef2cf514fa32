package dev.gatehouse.metering.audit;

import java.util.List;

/**
 * What a walk of the chain found.
 *
 * @param batches links that were checked
 * @param events rows whose content was hashed again and compared with their columns
 * @param notKept batches whose rows are past their time and dropped: only their links were checked
 * @param findings at most 100
 */
public record Verification(long batches, long events, long refusals, long notKept, List<Finding> findings) {
    public Verification {
        findings = List.copyOf(findings);
    }

    public boolean holds() {
        return findings.isEmpty();
    }
}
