package dev.gatehouse.gateway.journal;

import dev.gatehouse.gateway.report.UsageRecorder;
import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.usage.Completion;
import dev.gatehouse.kernel.usage.RefusalTally;
import dev.gatehouse.kernel.usage.RefusalTallyCodec;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.kernel.usage.UsageEventCodec;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes down what happens on one event loop: into mapped memory, without a system call. */
final class JournalRecorder implements UsageRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(JournalRecorder.class);
    private static final int MAX_COUNTERS_WAITING = 2_000;

    private record Refused(
            @Nullable TenantId tenant, @Nullable KeyId key, String code, long second) {}

    private record Place(Segment segment, int at) {}

    private final EpochLog log;
    private final JournalStep.Observer observer;
    private final UsageEventCodec events = new UsageEventCodec();
    private final RefusalTallyCodec tallies = new RefusalTallyCodec();
    private final Open open = new Open();
    private final Map<Refused, Place> seconds = new HashMap<>();
    private final Queue<DayCounters> counted = new ConcurrentLinkedQueue<>();
    private DayCounters counting = new DayCounters();
    private int waiting;
    private Segment active;
    private long seq;
    private long tallySeq;
    private long lostTallies;
    private long gapFirst;

    JournalRecorder(EpochLog log, JournalStep.Observer observer) {
        this.log = log;
        this.observer = observer;
        this.active = log.first();
    }

    @Override
    public String producer() {
        return log.producer();
    }

    @Override
    public long epoch() {
        return log.epoch();
    }

    @Override
    public long nextSeq() {
        return ++seq;
    }

    @Override
    public void append(UsageEvent event) {
        observer.reached(JournalStep.BEFORE_APPEND);
        int length = events.encode(event);
        int at = write(Segment.USAGE, event.seq(), 0, events.buffer(), length);
        if (at < 0) {
            miss(event.seq());
            return;
        }
        gapFirst = 0;
        if (event.completion() == Completion.COMPLETE) {
            open.put(event.seq(), active, at);
        } else {
            active.state(at, 1 + event.completion().ordinal());
        }
        counting.add(event);
        observer.reached(JournalStep.AFTER_APPEND);
    }

    @Override
    public void confirm(long confirmed, Completion completion) {
        observer.reached(JournalStep.BEFORE_CONFIRM);
        open.close(confirmed, 1 + completion.ordinal());
        observer.reached(JournalStep.AFTER_CONFIRM);
    }

    private int write(byte kind, long number, long count, byte[] payload, int length) {
        int at = active.append(kind, number, count, payload, length);
        if (at < 0) {
            Segment next = log.roll(active);
            if (next != null) {
                active = next;
                at = active.append(kind, number, count, payload, length);
            }
        }
        return at;
    }

    /** The quota is used up: the call is served, and its number joins the gap that the segment's header names. */
    private void miss(long number) {
        if (gapFirst == 0) {
            gapFirst = number;
            LOG.error(
                    "the journal in use by {} is full: usage from {} on is lost until it has room", producer(), number);
        }
        active.gap(active.gapFirst() == 0 ? gapFirst : active.gapFirst(), number);
    }

    @Override
    public void refused(@Nullable TenantId tenant, @Nullable KeyId key, String code, Instant at) {
        Refused refused = new Refused(tenant, key, code, at.getEpochSecond());
        Place place = seconds.get(refused);
        if (place != null) {
            place.segment().increment(place.at());
            return;
        }
        long number = tallySeq + 1;
        int length = tallies.encode(new RefusalTally(
                producer(), epoch(), number, tenant, key, code, Instant.ofEpochSecond(refused.second()), 1));
        int position = write(Segment.TALLY, number, 1, tallies.buffer(), length);
        if (position < 0) {
            missTally(refused.second());
            return;
        }
        tallySeq = number;
        seconds.put(refused, new Place(active, position));
    }

    /** The quota is used up: the refusal is counted in the segment's header, where there is always room. */
    private void missTally(long second) {
        if (active.lostTally() == 0) {
            active.lose(++tallySeq, second);
        }
        active.loseOne();
        lostTallies++;
    }

    @Override
    public void tick(Instant now) {
        closeSeconds(now.getEpochSecond());
        if (!counting.isEmpty() && waiting < MAX_COUNTERS_WAITING) {
            counted.add(counting);
            counting = new DayCounters();
        }
        waiting = counted.size();
    }

    private void closeSeconds(long before) {
        seconds.entrySet().removeIf(entry -> {
            if (entry.getKey().second() >= before) {
                return false;
            }
            entry.getValue().segment().state(entry.getValue().at(), 1);
            return true;
        });
        if (lostTallies > 0) {
            LOG.error(
                    "the journal in use by {} is full: {} refused calls are counted without tenant, key and code",
                    producer(),
                    lostTallies);
            lostTallies = 0;
        }
    }

    /** Counters that the shipper has not taken yet. */
    @Nullable
    DayCounters takeCounters() {
        return counted.poll();
    }

    @Override
    public void close() {
        closeSeconds(Long.MAX_VALUE);
        counted.add(counting);
        active.seal();
        log.close();
    }

    EpochLog log() {
        return log;
    }
}
