package dev.gatehouse.metering.audit;

import java.time.LocalDate;
import java.util.List;

/**
 * What each stage knows of the same calls.
 *
 * @param sequences one row per producer, epoch and series that is not wholly settled, or that has gaps
 * @param tenants one row per tenant and day
 * @param findings what does not agree
 * @param repaired counters in Redis that were set to the ledger's figure
 */
public record Reconciliation(
        List<SequenceRow> sequences, List<TenantRow> tenants, List<Finding> findings, int repaired) {

    public Reconciliation {
        sequences = List.copyOf(sequences);
        tenants = List.copyOf(tenants);
        findings = List.copyOf(findings);
    }

    /**
     * A producer's sequence: {@code highest = held + gaps + open}.
     *
     * @param journaled the last number that its gateway says it has written down; -1 when it gave no word
     * @param held numbers in the ledger, set aside ones included
     * @param setAside of them, those that wait as dead letters
     * @param gaps numbers that their producer declared lost
     * @param open numbers below the highest that are neither: in flight
     */
    public record SequenceRow(
            String producer,
            long epoch,
            String series,
            long journaled,
            long highest,
            long held,
            long setAside,
            long gaps,
            long open,
            boolean over) {
        static SequenceRow unseen(String producer, long epoch, String series, long journaled) {
            return new SequenceRow(producer, epoch, series, journaled, 0, 0, 0, 0, 0, false);
        }

        SequenceRow journaledTo(long last) {
            return new SequenceRow(producer, epoch, series, last, highest, held, setAside, gaps, open, over);
        }

        /** Numbers that the gateway has written down and that are neither in the ledger nor declared lost. */
        public long inFlight() {
            return Math.max(journaled, highest) - held - gaps;
        }
    }

    /**
     * A tenant's day.
     *
     * @param streamed calls on the streams that the ledger does not hold yet
     * @param counted calls by the gateways' counter in Redis; -1 when it has none for that day
     */
    public record TenantRow(
            String tenant,
            LocalDate day,
            long ledgerCalls,
            long ledgerUnits,
            long rollupCalls,
            long rollupUnits,
            long streamed,
            long counted,
            long countedUnits) {}

    public boolean agrees() {
        return findings.isEmpty();
    }
}
