package dev.gatehouse.metering.ledger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** What the writer counts of itself. */
final class WriterStatistics {
    private final Counter events;
    private final Counter refusals;
    private final Counter duplicates;
    private final Counter late;
    private final Counter deadLetters;
    private final Counter fenced;
    private final Counter failures;
    private final Timer commits;

    WriterStatistics(MeterRegistry meters, int shard) {
        String tag = Integer.toString(shard);
        events = meters.counter("gatehouse.ledger.events", "shard", tag);
        refusals = meters.counter("gatehouse.ledger.refusals", "shard", tag);
        duplicates = meters.counter("gatehouse.ledger.duplicates", "shard", tag);
        late = meters.counter("gatehouse.ledger.late", "shard", tag);
        deadLetters = meters.counter("gatehouse.ledger.dead.letters", "shard", tag);
        fenced = meters.counter("gatehouse.ledger.fenced", "shard", tag);
        failures = meters.counter("gatehouse.ledger.failures", "shard", tag);
        commits = meters.timer("gatehouse.ledger.commit", "shard", tag);
    }

    void committed(LedgerBatch batch, Duration took) {
        events.increment(batch.events().size());
        refusals.increment(batch.refusals().size());
        duplicates.increment(batch.duplicates());
        late.increment(batch.pastWindow().size());
        deadLetters.increment(batch.deadLetters().size());
        commits.record(took);
    }

    void fenced() {
        fenced.increment();
    }

    void failed() {
        failures.increment();
    }
}
