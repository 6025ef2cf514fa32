package dev.gatehouse.metering.ledger;

import dev.gatehouse.kernel.usage.RefusalTally;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All that one transaction is to write. Filled by {@link BatchAssembler}; belongs to one thread. */
public final class LedgerBatch {
    private final List<LedgerEvent> events = new ArrayList<>();
    private final List<LedgerEvent> pastWindow = new ArrayList<>();
    private final List<RefusalTally> refusals = new ArrayList<>();
    private final List<DeadLetter> deadLetters = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();
    private final Map<Sequence, Long> ends = new TreeMap<>();
    private final Map<String, Mark> marks = new HashMap<>();
    private final Map<Sequence, SequenceRanges> added = new TreeMap<>();
    private int duplicates;

    /** Sequence numbers that their producer declares lost. */
    public record Gap(Sequence sequence, long first, long last, String reason) {}

    /** A producer's word that every call answered before an instant has a lower number than {@code first}. */
    public record Mark(long epoch, long first, Instant completeTo) {}

    /** Events that rollups count, in the order of producer, epoch and sequence once {@link #sort} was called. */
    public List<LedgerEvent> events() {
        return events;
    }

    /** Events that came after their window. */
    public List<LedgerEvent> pastWindow() {
        return pastWindow;
    }

    public List<RefusalTally> refusals() {
        return refusals;
    }

    public List<DeadLetter> deadLetters() {
        return deadLetters;
    }

    public List<Gap> gaps() {
        return gaps;
    }

    /** The last number of each sequence that is over. */
    public Map<Sequence, Long> ends() {
        return ends;
    }

    /** The newest mark of each producer. */
    public Map<String, Mark> marks() {
        return marks;
    }

    /** What the batch adds to each sequence, dead letters included, declared gaps not. */
    public Map<Sequence, SequenceRanges> added() {
        return added;
    }

    /** Frames that the ledger had already. */
    public int duplicates() {
        return duplicates;
    }

    void duplicate() {
        duplicates++;
    }

    /** Whether there is nothing that a transaction would have to write. */
    public boolean isEmpty() {
        return added.isEmpty() && deadLetters.isEmpty() && gaps.isEmpty() && ends.isEmpty() && marks.isEmpty();
    }

    /** Whether it changes what the ledger holds, and so needs a place in the chain. */
    public boolean isLinked() {
        return !events.isEmpty() || !pastWindow.isEmpty() || !refusals.isEmpty();
    }

    public int size() {
        return events.size() + pastWindow.size() + refusals.size();
    }

    /** Puts rows in the order in which the chain's hash takes them. */
    void sort() {
        events.sort(LedgerBatch::compare);
        pastWindow.sort(LedgerBatch::compare);
        refusals.sort((a, b) -> compare(a.producer(), a.epoch(), a.seq(), b.producer(), b.epoch(), b.seq()));
    }

    private static int compare(LedgerEvent a, LedgerEvent b) {
        return compare(
                a.event().producer(),
                a.event().epoch(),
                a.event().seq(),
                b.event().producer(),
                b.event().epoch(),
                b.event().seq());
    }

    private static int compare(String pa, long ea, long sa, String pb, long eb, long sb) {
        int byProducer = pa.compareTo(pb);
        if (byProducer != 0) {
            return byProducer;
        }
        int byEpoch = Long.compare(ea, eb);
        return byEpoch != 0 ? byEpoch : Long.compare(sa, sb);
    }
}
