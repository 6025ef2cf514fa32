package dev.gatehouse.metering.store;

import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.usage.RefusalTally;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.metering.ledger.LedgerBatch;
import dev.gatehouse.metering.ledger.LedgerEvent;
import dev.gatehouse.metering.ledger.LedgerEvent.Lateness;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.TreeSet;

/** A batch's rows, by COPY. */
final class RawRows {
    static final int LIVE = 1;
    static final int BILLABLE = 2;
    static final int LATE = 4;
    static final int DEGRADED = 8;

    private static final String COLUMNS =
            "at, batch, seq, cost, charged, epoch, producer, tenant, key, plan, operation,"
                    + " shard, status, completion, flags, frame";
    private static final int COLUMN_COUNT = 16;

    private final Numbers numbers;
    private final int shard;
    private final long batchNumber;

    RawRows(Numbers numbers, int shard, long batchNumber) {
        this.numbers = numbers;
        this.shard = shard;
        this.batchNumber = batchNumber;
    }

    /** The UTC days whose partitions the batch needs. */
    static Set<LocalDate> days(LedgerBatch batch) {
        Set<LocalDate> days = new TreeSet<>();
        long known = Long.MIN_VALUE;
        for (LedgerEvent row : batch.events()) {
            long day = Math.floorDiv(row.event().at().getEpochSecond(), 86_400);
            if (day != known) {
                days.add(LocalDate.ofEpochDay(day));
                known = day;
            }
        }
        for (RefusalTally tally : batch.refusals()) {
            days.add(LocalDate.ofInstant(tally.second(), ZoneOffset.UTC));
        }
        return days;
    }

    void write(Connection connection, LedgerBatch batch) throws SQLException {
        if (!batch.events().isEmpty()) {
            try (CopyRows copy =
                    new CopyRows(connection, "COPY usage_event (" + COLUMNS + ") FROM STDIN WITH (FORMAT binary)")) {
                for (LedgerEvent row : batch.events()) {
                    copy.row(COLUMN_COUNT);
                    event(copy, row);
                }
                copy.end();
            }
        }
        if (!batch.pastWindow().isEmpty()) {
            try (CopyRows copy =
                    new CopyRows(connection, "COPY late_event (" + COLUMNS + ") FROM STDIN WITH (FORMAT binary)")) {
                for (LedgerEvent row : batch.pastWindow()) {
                    copy.row(COLUMN_COUNT);
                    event(copy, row);
                }
                copy.end();
            }
        }
        if (!batch.refusals().isEmpty()) {
            refusals(connection, batch);
        }
    }

    private void event(CopyRows copy, LedgerEvent row) throws SQLException {
        UsageEvent event = row.event();
        copy.timestamp(event.at());
        copy.int8(batchNumber);
        copy.int8(event.seq());
        copy.int8(event.cost());
        copy.int8(event.charged());
        copy.int8(event.epoch());
        copy.int4(numbers.of(Numbers.Kind.PRODUCER, event.producer()));
        copy.int4(numbers.tenant(event.tenant()));
        copy.int4(numbers.of(Numbers.Kind.KEY, event.key().value()));
        copy.int4(numbers.of(Numbers.Kind.PLAN, event.plan()));
        copy.int4(numbers.operation(event));
        copy.int2(shard);
        copy.int2(event.status());
        copy.int2(event.completion().ordinal());
        copy.int2(flags(event, row.lateness()));
        copy.bytes(row.bytes(), row.offset(), row.length());
    }

    static int flags(UsageEvent event, Lateness lateness) {
        return (event.mode() == KeyMode.LIVE ? LIVE : 0)
                | (event.billable() ? BILLABLE : 0)
                | (lateness == Lateness.IN_TIME ? 0 : LATE)
                | (event.admission().degraded() ? DEGRADED : 0);
    }

    private void refusals(Connection connection, LedgerBatch batch) throws SQLException {
        try (CopyRows copy = new CopyRows(
                connection,
                "COPY refusal (second, batch, seq, count, epoch, producer, tenant, key, code, shard)"
                        + " FROM STDIN WITH (FORMAT binary)")) {
            for (RefusalTally tally : batch.refusals()) {
                copy.row(10);
                copy.timestamp(tally.second());
                copy.int8(batchNumber);
                copy.int8(tally.seq());
                copy.int8(tally.count());
                copy.int8(tally.epoch());
                copy.int4(numbers.of(Numbers.Kind.PRODUCER, tally.producer()));
                copy.int4OrNull(tally.tenant() == null ? null : numbers.tenant(tally.tenant()));
                copy.int4OrNull(
                        tally.key() == null
                                ? null
                                : numbers.of(Numbers.Kind.KEY, tally.key().value()));
                copy.int4(numbers.of(Numbers.Kind.CODE, tally.code()));
                copy.int2(shard);
            }
            copy.end();
        }
    }
}
