package dev.gatehouse.metering.ledger;

import dev.gatehouse.kernel.usage.MalformedUsageException;
import dev.gatehouse.kernel.usage.RefusalTally;
import dev.gatehouse.kernel.usage.RefusalTallyCodec;
import dev.gatehouse.kernel.usage.UsageBatch;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.kernel.usage.UsageEventCodec;
import dev.gatehouse.metering.ledger.LedgerEvent.Lateness;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;

/**
 * Makes a {@link LedgerBatch} of stream entries: drops what the ledger holds already, sets aside what it cannot believe.
 * Pure but for {@link CommittedSequences}, which it reads and does not change.
 */
public final class BatchAssembler {
    private final LedgerRules rules;
    private final CommittedSequences committed;
    private final Instant now;
    private final LedgerBatch batch = new LedgerBatch();

    public BatchAssembler(LedgerRules rules, CommittedSequences committed, Instant now) {
        this.rules = rules.forOneBatch();
        this.committed = committed;
        this.now = now;
    }

    /** Adds an entry that could be read. */
    public void add(String entry, UsageBatch arrived) {
        try {
            switch (arrived.kind()) {
                case USAGE -> addEvents(entry, arrived);
                case REFUSALS -> addRefusals(entry, arrived);
                case USAGE_GAP -> addGap(arrived, Series.USAGE);
                case REFUSALS_GAP -> addGap(arrived, Series.REFUSALS);
                case USAGE_END -> batch.ends().put(sequence(arrived, Series.USAGE), arrived.first() - 1);
                case REFUSALS_END -> batch.ends().put(sequence(arrived, Series.REFUSALS), arrived.first() - 1);
                case USAGE_MARK -> addMark(arrived);
            }
        } catch (MalformedUsageException e) {
            addJunk(entry, String.valueOf(e.getMessage()), arrived.body());
        }
    }

    /** Adds an entry that could not be read, as a dead letter. */
    public void addJunk(String entry, String reason, byte[] content) {
        batch.deadLetters().add(new DeadLetter(entry, null, 0, reason, bounded(content)));
    }

    public int size() {
        return batch.size();
    }

    public LedgerBatch build() {
        batch.sort();
        return batch;
    }

    private void addEvents(String entry, UsageBatch arrived) throws MalformedUsageException {
        Sequence sequence = sequence(arrived, Series.USAGE);
        SequenceRanges held = committed.of(sequence).held();
        SequenceRanges added = batch.added().computeIfAbsent(sequence, s -> new SequenceRanges());
        try {
            arrived.forEach((seq, bytes, offset, length) -> {
                if (held.contains(seq) || !added.add(seq)) {
                    batch.duplicate();
                    return;
                }
                try {
                    UsageEvent event =
                            UsageEventCodec.decode(arrived.producer(), arrived.epoch(), seq, bytes, offset, length);
                    Optional<String> fault = rules.fault(event, now);
                    if (fault.isPresent()) {
                        setAside(entry, sequence, seq, fault.get(), bytes, offset, length);
                    } else {
                        take(new LedgerEvent(event, bytes, offset, length, rules.lateness(event, now)));
                    }
                } catch (MalformedUsageException e) {
                    setAside(entry, sequence, seq, String.valueOf(e.getMessage()), bytes, offset, length);
                }
            });
        } finally {
            forgetEmpty(sequence, added);
        }
    }

    private void take(LedgerEvent event) {
        (event.lateness() == Lateness.PAST_WINDOW ? batch.pastWindow() : batch.events()).add(event);
    }

    private void addRefusals(String entry, UsageBatch arrived) throws MalformedUsageException {
        Sequence sequence = sequence(arrived, Series.REFUSALS);
        SequenceRanges held = committed.of(sequence).held();
        SequenceRanges added = batch.added().computeIfAbsent(sequence, s -> new SequenceRanges());
        try {
            arrived.forEach((seq, bytes, offset, length) -> {
                if (held.contains(seq) || !added.add(seq)) {
                    batch.duplicate();
                    return;
                }
                try {
                    RefusalTally tally =
                            RefusalTallyCodec.decode(arrived.producer(), arrived.epoch(), seq, bytes, offset, length);
                    Optional<String> fault = rules.fault(tally, now);
                    if (fault.isPresent()) {
                        setAside(entry, sequence, seq, fault.get(), bytes, offset, length);
                    } else {
                        batch.refusals().add(tally);
                    }
                } catch (MalformedUsageException e) {
                    setAside(entry, sequence, seq, String.valueOf(e.getMessage()), bytes, offset, length);
                }
            });
        } finally {
            forgetEmpty(sequence, added);
        }
    }

    private void forgetEmpty(Sequence sequence, SequenceRanges added) {
        if (added.isEmpty()) {
            batch.added().remove(sequence);
        }
    }

    private void addGap(UsageBatch arrived, Series series) {
        long last = arrived.first() + arrived.count() - 1;
        if (last >= arrived.first()) {
            batch.gaps().add(new LedgerBatch.Gap(sequence(arrived, series), arrived.first(), last, text(arrived)));
        }
    }

    private void addMark(UsageBatch arrived) throws MalformedUsageException {
        long micros;
        try {
            micros = Long.parseLong(text(arrived));
        } catch (NumberFormatException e) {
            throw new MalformedUsageException("the mark's instant is not a number");
        }
        Instant completeTo = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
        if (completeTo.isAfter(now.plus(rules.ahead()))) {
            throw new MalformedUsageException("the mark's instant lies in the future");
        }
        batch.marks().put(arrived.producer(), new LedgerBatch.Mark(arrived.epoch(), arrived.first(), completeTo));
    }

    private void setAside(
            String entry, Sequence sequence, long seq, String reason, byte[] bytes, int offset, int length) {
        batch.deadLetters()
                .add(new DeadLetter(entry, sequence, seq, reason, Arrays.copyOfRange(bytes, offset, offset + length)));
    }

    private static Sequence sequence(UsageBatch arrived, Series series) {
        return new Sequence(arrived.producer(), arrived.epoch(), series);
    }

    private static String text(UsageBatch arrived) {
        byte[] body = arrived.body();
        return new String(body, 0, Math.min(body.length, 500), StandardCharsets.UTF_8);
    }

    private static byte[] bounded(byte[] content) {
        return content.length <= MAX_JUNK ? content : Arrays.copyOf(content, MAX_JUNK);
    }

    private static final int MAX_JUNK = 2 << 20;
}
