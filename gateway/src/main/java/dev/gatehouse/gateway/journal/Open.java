package dev.gatehouse.gateway.journal;

import org.jspecify.annotations.Nullable;

/** Where the records of events are whose answers are still under way, by sequence. Belongs to one event loop. */
final class Open {
    private long[] seqs = new long[1_024];
    private @Nullable Segment[] segments = new Segment[1_024];
    private int[] positions = new int[1_024];

    void put(long seq, Segment segment, int position) {
        int slot = (int) seq & seqs.length - 1;
        while (segments[slot] != null) {
            grow();
            slot = (int) seq & seqs.length - 1;
        }
        seqs[slot] = seq;
        segments[slot] = segment;
        positions[slot] = position;
    }

    /** Sets the record's state and forgets it; does nothing for a number that is not there. */
    void close(long seq, int state) {
        int slot = (int) seq & seqs.length - 1;
        Segment segment = segments[slot];
        if (segment != null && seqs[slot] == seq) {
            segment.state(positions[slot], state);
            segments[slot] = null;
        }
    }

    private void grow() {
        long[] oldSeqs = seqs;
        @Nullable Segment[] oldSegments = segments;
        int[] oldPositions = positions;
        seqs = new long[oldSeqs.length * 2];
        segments = new Segment[seqs.length];
        positions = new int[seqs.length];
        for (int i = 0; i < oldSeqs.length; i++) {
            Segment segment = oldSegments[i];
            if (segment != null) {
                put(oldSeqs[i], segment, oldPositions[i]);
            }
        }
    }
}
