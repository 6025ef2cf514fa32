package dev.gatehouse.metering.ledger;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * What the ledger holds of each sequence, as far as this writer has asked. True as long as the writer holds its lease,
 * since nobody else writes the shard; thrown away when it loses it. Belongs to one thread.
 */
public final class CommittedSequences {
    private final Function<Sequence, Held> loader;
    private final Map<Sequence, Held> known = new HashMap<>();

    /** What is settled of a sequence: numbers held, and numbers declared lost. */
    public record Held(SequenceRanges held, SequenceRanges gaps) {
        /** The last number up to which every number is settled. */
        public long settledUpTo() {
            SequenceRanges all = held.copy();
            all.addAll(gaps);
            return all.upTo();
        }
    }

    /** @param loader reads a sequence that was not asked for yet from the store */
    public CommittedSequences(Function<Sequence, Held> loader) {
        this.loader = loader;
    }

    public Held of(Sequence sequence) {
        return known.computeIfAbsent(sequence, loader);
    }

    /** Takes over what a batch added, once its transaction is committed. */
    public void apply(LedgerBatch batch) {
        batch.added().forEach((sequence, ranges) -> of(sequence).held().addAll(ranges));
        for (LedgerBatch.Gap gap : batch.gaps()) {
            of(gap.sequence()).gaps().add(gap.first(), gap.last());
        }
    }

    /** Every sequence asked for so far, with the number up to which it is settled. */
    public Map<Sequence, Long> settled() {
        Map<Sequence, Long> settled = new HashMap<>();
        known.forEach((sequence, held) -> settled.put(sequence, held.settledUpTo()));
        return settled;
    }
}
