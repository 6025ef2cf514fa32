package dev.gatehouse.gateway.journal;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segments of one producer's epoch, oldest first. The event loop appends to the last one; the shipper keeps a spare
 * ready, so that the event loop need not make a file, and deletes what is settled.
 */
final class EpochLog {
    private static final Logger LOG = LoggerFactory.getLogger(EpochLog.class);
    private static final long RETRY_NANOS = 1_000_000_000L;

    private final JournalSettings settings;
    private final String producer;
    private final long epoch;
    private final boolean recovered;
    private final AtomicReference<@Nullable Segment> spare = new AtomicReference<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong nextIndex = new AtomicLong(1);
    private volatile Segment first;
    private volatile boolean closed;
    private volatile boolean failing;
    private volatile long failedNanos;

    private EpochLog(JournalSettings settings, Segment first, boolean recovered) {
        this.settings = settings;
        this.producer = first.producer();
        this.epoch = first.epoch();
        this.first = first;
        this.recovered = recovered;
    }

    /** A log to append to. */
    static EpochLog begin(JournalSettings settings, String producer, long epoch) throws IOException {
        Segment first = Segment.create(settings.folder(), producer, epoch, 0, settings.segmentBytes());
        EpochLog log = new EpochLog(settings, first, false);
        log.bytes.set(settings.segmentBytes());
        return log;
    }

    /** What an earlier process left: segments in the order of their sequence numbers. */
    static EpochLog recovered(JournalSettings settings, List<Segment> segments) {
        for (int i = 1; i < segments.size(); i++) {
            segments.get(i - 1).next = segments.get(i);
        }
        EpochLog log = new EpochLog(settings, segments.getFirst(), true);
        log.closed = true;
        return log;
    }

    String producer() {
        return producer;
    }

    long epoch() {
        return epoch;
    }

    /** Whether an earlier process wrote it: an event whose answer was under way then has an unknown end. */
    boolean isRecovered() {
        return recovered;
    }

    Segment first() {
        return first;
    }

    /** Seals {@code full} and returns the segment that follows it; null when the quota is used up. */
    @Nullable
    Segment roll(Segment full) {
        Segment next = spare.getAndSet(null);
        if (next == null) {
            next = make();
        }
        if (next != null) {
            full.next = next;
            full.seal();
        }
        return next;
    }

    /** Makes the spare segment when there is none and the quota allows. */
    void provide() {
        if (!closed && spare.get() == null) {
            Segment made = make();
            if (made != null && !spare.compareAndSet(null, made)) {
                discard(made);
            }
        }
    }

    private @Nullable Segment make() {
        // a full disk is not asked with each event, nor complained of
        if (failing && System.nanoTime() - failedNanos < RETRY_NANOS) {
            return null;
        }
        if (bytes.addAndGet(settings.segmentBytes()) > settings.quotaBytes()) {
            bytes.addAndGet(-settings.segmentBytes());
            return null;
        }
        try {
            Segment made = Segment.create(
                    settings.folder(), producer, epoch, nextIndex.getAndIncrement(), settings.segmentBytes());
            if (failing) {
                failing = false;
                LOG.info("the journal makes segments in {} again", settings.folder());
            }
            return made;
        } catch (IOException e) {
            bytes.addAndGet(-settings.segmentBytes());
            failedNanos = System.nanoTime();
            if (!failing) {
                failing = true;
                LOG.error(
                        "the journal cannot make a segment in {}, it goes on with those it has: {}",
                        settings.folder(),
                        e.toString());
            }
            return null;
        }
    }

    /** Deletes the first segment, which has a successor. */
    void removeFirst() {
        Segment oldest = first;
        Segment next = oldest.next;
        if (next != null) {
            first = next;
            discard(oldest);
        }
    }

    /** Deletes all that is left: every record is settled and nothing will be appended. */
    void removeAll() {
        Segment segment = first;
        while (segment != null) {
            Segment next = segment.next;
            discard(segment);
            segment = next;
        }
        Segment unused = spare.getAndSet(null);
        if (unused != null) {
            discard(unused);
        }
    }

    private void discard(Segment segment) {
        try {
            bytes.addAndGet(-segment.bytes());
            segment.delete();
        } catch (IOException e) {
            LOG.warn("the journal cannot delete {}: {}", segment.file(), e.getMessage());
        }
    }

    void force() {
        for (Segment segment = first; segment != null; segment = segment.next) {
            segment.force();
        }
    }

    /** Nothing is appended any more. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    /** Lets go of the files and leaves them where they are. */
    void unmap() {
        for (Segment segment = first; segment != null; segment = segment.next) {
            segment.close();
        }
        Segment unused = spare.getAndSet(null);
        if (unused != null) {
            discard(unused);
        }
    }
}
