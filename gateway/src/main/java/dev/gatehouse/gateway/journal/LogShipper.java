package dev.gatehouse.gateway.journal;

import dev.gatehouse.kernel.usage.Completion;
import dev.gatehouse.kernel.usage.MalformedUsageException;
import dev.gatehouse.kernel.usage.RefusalTally;
import dev.gatehouse.kernel.usage.RefusalTallyCodec;
import dev.gatehouse.kernel.usage.UsageBatch;
import dev.gatehouse.kernel.usage.UsageBatch.Kind;
import dev.gatehouse.kernel.usage.UsageEventCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one log and makes batches of what is ready: of a live log the events whose answers are over, of a recovered one
 * all. Knows what the ledger has settled, and can begin again from there. Belongs to the shipper's thread.
 */
final class LogShipper {
    private static final Logger LOG = LoggerFactory.getLogger(LogShipper.class);

    /** Frames under way to the ledger at the most; the rest waits in the journal. */
    private static final long WINDOW = 200_000;

    private static final byte COMPLETE = (byte) (1 + Completion.COMPLETE.ordinal());

    private static final String FULL = "the journal was full";
    private static final String TORN = "not in the journal after a restart";

    private record Place(Segment segment, int at) {}

    private record Pass(Instant at, long lastSeq) {}

    private final EpochLog log;
    private final UsageBatch.Builder usage;
    private final UsageBatch.Builder tallies;
    private final RefusalTallyCodec tallyCodec = new RefusalTallyCodec();
    private final byte[] scratch = new byte[UsageEventCodec.MAX_FRAME];
    private final List<Place> open = new ArrayList<>();
    private final Deque<Pass> passes = new ArrayDeque<>();
    private Segment segment;
    private int at = Segment.HEADER;
    private long lastUsage;
    private long lastTally;
    private long settledUsage;
    private long settledTally;
    private long markedFirst = -1;
    private boolean ended;

    LogShipper(EpochLog log) {
        this.log = log;
        this.segment = log.first();
        usage = new UsageBatch.Builder(Kind.USAGE, log.producer(), log.epoch());
        tallies = new UsageBatch.Builder(Kind.REFUSALS, log.producer(), log.epoch());
    }

    EpochLog log() {
        return log;
    }

    /** Takes what the ledger says it has settled, and deletes segments that are not needed any more. */
    void settled(long usageUpTo, long tallyUpTo) {
        settledUsage = Math.max(settledUsage, usageUpTo);
        settledTally = Math.max(settledTally, tallyUpTo);
        while (!log.isRecovered() && log.first() != segment && log.first().isSealed() && isSettled(log.first())) {
            log.removeFirst();
        }
    }

    private boolean isSettled(Segment candidate) {
        int position = Segment.HEADER;
        if (candidate.gapLast() > settledUsage) {
            return false;
        }
        for (int length = candidate.length(position); length > 0; length = candidate.length(position)) {
            long upTo = candidate.kind(position) == Segment.USAGE ? settledUsage : settledTally;
            if (candidate.seq(position) > upTo) {
                return false;
            }
            position = Segment.after(position, length);
        }
        return true;
    }

    /** Whether the ledger has settled everything and nothing more will come. */
    boolean isDone() {
        return log.isClosed() && ended && settledUsage >= lastUsage && settledTally >= lastTally;
    }

    /** Whether something is under way to the ledger. */
    boolean isWaiting() {
        return lastUsage > settledUsage || lastTally > settledTally;
    }

    /** Events that were found in the log and are not settled. */
    long underWay() {
        return Math.max(0, lastUsage - settledUsage);
    }

    /** The last event that was found in the log. */
    long lastUsage() {
        return lastUsage;
    }

    /** The last tally that was found in the log. */
    long lastTally() {
        return lastTally;
    }

    long settledUsage() {
        return settledUsage;
    }

    long settledTally() {
        return settledTally;
    }

    /** Begins again at what is not settled: Redis did not take it, or lost it. */
    void rewind() {
        segment = log.first();
        at = Segment.HEADER;
        lastUsage = settledUsage;
        lastTally = settledTally;
        open.clear();
        passes.clear();
        usage.clear();
        tallies.clear();
        ended = false;
        markedFirst = -1;
    }

    /** Hands on everything that is ready. */
    void pass(Instant now, Consumer<UsageBatch> out) {
        boolean closed = log.isClosed();
        for (Iterator<Place> each = open.iterator(); each.hasNext(); ) {
            Place place = each.next();
            if (place.segment().state(place.at()) != 0) {
                each.remove();
                take(place.segment(), place.at(), out);
            }
        }
        boolean all = scan(out);
        flush(usage, out);
        flush(tallies, out);
        if (all && !log.isRecovered()) {
            mark(now, out);
        }
        if (all && closed && !ended && (open.isEmpty() || log.isRecovered())) {
            end(out);
        }
    }

    /** @return whether everything that was appended when the pass began has been looked at */
    private boolean scan(Consumer<UsageBatch> out) {
        while (lastUsage - settledUsage < WINDOW) {
            if (log.isRecovered()) {
                skipTorn();
            }
            int length = segment.length(at);
            if (length == 0) {
                if (!segment.isSealed()) {
                    return true;
                }
                if (segment.length(at) != 0) {
                    continue;
                }
                lose(segment, out);
                Segment next = segment.next;
                if (next == null) {
                    return true;
                }
                segment = next;
                at = Segment.HEADER;
                continue;
            }
            look(out);
            at = Segment.after(at, length);
        }
        return false;
    }

    /** Goes on at the next whole record: a loss of power may have torn what lies before it. */
    private void skipTorn() {
        if (segment.isWhole(at, scratch)) {
            return;
        }
        int next = segment.resume(at, scratch);
        if (next >= 0) {
            LOG.error("{} is torn from {} to {}: what stood there is declared lost", segment.file(), at, next);
            at = next;
        } else {
            at = (int) segment.bytes();
        }
    }

    private void look(Consumer<UsageBatch> out) {
        long seq = segment.seq(at);
        if (segment.kind(at) == Segment.USAGE) {
            if (seq <= settledUsage) {
                return;
            }
            if (seq > lastUsage + 1 && lastUsage >= settledUsage) {
                declare(lastUsage + 1, seq - 1, log.isRecovered() ? TORN : FULL, out);
            }
            lastUsage = Math.max(lastUsage, seq);
        } else {
            if (seq <= settledTally) {
                return;
            }
            if (log.isRecovered() && lastTally >= settledTally) {
                declareTallies(lastTally + 1, seq - 1, out);
            }
            lastTally = Math.max(lastTally, seq);
        }
        if (segment.state(at) == 0 && !log.isRecovered()) {
            open.add(new Place(segment, at));
        } else {
            take(segment, at, out);
        }
    }

    private void take(Segment from, int position, Consumer<UsageBatch> out) {
        int length = from.payload(position, scratch);
        if (from.kind(position) == Segment.USAGE) {
            byte state = from.state(position);
            if (state != COMPLETE) {
                Completion[] ends = Completion.values();
                boolean known = state > 0 && state <= ends.length;
                UsageEventCodec.amend(scratch, 0, known ? ends[state - 1] : Completion.UNKNOWN);
            }
            add(usage, from.seq(position), scratch, length, out);
        } else {
            takeTally(from, position, length, out);
        }
    }

    private void takeTally(Segment from, int position, int length, Consumer<UsageBatch> out) {
        long seq = from.seq(position);
        try {
            RefusalTally first = RefusalTallyCodec.decode(log.producer(), log.epoch(), seq, scratch, 0, length);
            int encoded = tallyCodec.encode(new RefusalTally(
                    first.producer(),
                    first.epoch(),
                    seq,
                    first.tenant(),
                    first.key(),
                    first.code(),
                    first.second(),
                    from.count(position)));
            add(tallies, seq, tallyCodec.buffer(), encoded, out);
        } catch (MalformedUsageException e) {
            LOG.error("tally {} of {} cannot be read: {}", seq, log.producer(), e.getMessage());
            out.accept(statement(Kind.REFUSALS_GAP, seq, 1, "its record cannot be read"));
        }
    }

    private void add(UsageBatch.Builder builder, long seq, byte[] bytes, int length, Consumer<UsageBatch> out) {
        if (!builder.add(seq, bytes, 0, length)) {
            flush(builder, out);
            builder.add(seq, bytes, 0, length);
        }
    }

    private static void flush(UsageBatch.Builder builder, Consumer<UsageBatch> out) {
        if (!builder.isEmpty()) {
            out.accept(builder.build());
            builder.clear();
        }
    }

    /** Numbers that were given to events and stand in no record: lost with the power, or for want of room. */
    private void declare(long first, long last, String reason, Consumer<UsageBatch> out) {
        LOG.error("usage {} to {} of {} is lost: {}", first, last, log.producer(), reason);
        for (long from = first; from <= last; from += Integer.MAX_VALUE) {
            out.accept(statement(Kind.USAGE_GAP, from, (int) Math.min(Integer.MAX_VALUE, last - from + 1), reason));
        }
    }

    /** Tallies that a loss of power has torn; the one in the segment's header follows at its end. */
    private void declareTallies(long first, long last, Consumer<UsageBatch> out) {
        long inHeader = segment.lostTally();
        if (inHeader >= first && inHeader <= last) {
            declareTallies(first, inHeader - 1, out);
            declareTallies(inHeader + 1, last, out);
        } else if (first <= last) {
            LOG.error("refusal tallies {} to {} of {} are lost: {}", first, last, log.producer(), TORN);
            out.accept(statement(Kind.REFUSALS_GAP, first, (int) (last - first + 1), TORN));
        }
    }

    /** What found no room at a segment's end and no later record shows. */
    private void lose(Segment full, Consumer<UsageBatch> out) {
        long tally = full.lostTally();
        if (tally > settledTally && full.lostCount() > 0) {
            int length = tallyCodec.encode(new RefusalTally(
                    log.producer(),
                    log.epoch(),
                    tally,
                    null,
                    null,
                    RefusalTally.NO_ROOM,
                    Instant.ofEpochSecond(full.lostSecond()),
                    full.lostCount()));
            lastTally = Math.max(lastTally, tally);
            add(tallies, tally, tallyCodec.buffer(), length, out);
        }
        if (full.gapLast() > lastUsage) {
            declare(Math.max(lastUsage + 1, full.gapFirst()), full.gapLast(), FULL, out);
            lastUsage = full.gapLast();
        }
    }

    /** Says up to when all is shipped: the last pass of which no event is open any more. */
    private void mark(Instant now, Consumer<UsageBatch> out) {
        passes.addLast(new Pass(now, lastUsage));
        long oldestOpen = Long.MAX_VALUE;
        for (Place place : open) {
            if (place.segment().kind(place.at()) == Segment.USAGE) {
                oldestOpen = Math.min(oldestOpen, place.segment().seq(place.at()));
            }
        }
        Pass reached = null;
        while (!passes.isEmpty() && passes.getFirst().lastSeq() < oldestOpen) {
            reached = passes.removeFirst();
        }
        if (reached != null && (markedFirst < 0 || reached.at().getEpochSecond() > markedFirst)) {
            markedFirst = reached.at().getEpochSecond();
            long micros = ChronoUnit.MICROS.between(Instant.EPOCH, reached.at());
            out.accept(statement(Kind.USAGE_MARK, reached.lastSeq() + 1, 0, Long.toString(micros)));
        }
        while (passes.size() > 2_000) {
            passes.removeFirst();
        }
    }

    private void end(Consumer<UsageBatch> out) {
        out.accept(statement(Kind.USAGE_END, lastUsage + 1, 0, ""));
        out.accept(statement(Kind.REFUSALS_END, lastTally + 1, 0, ""));
        ended = true;
    }

    private UsageBatch statement(Kind kind, long first, int count, String text) {
        return new UsageBatch(kind, log.producer(), log.epoch(), first, count, text.getBytes(StandardCharsets.UTF_8));
    }
}
