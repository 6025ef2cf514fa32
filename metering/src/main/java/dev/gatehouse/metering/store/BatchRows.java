package dev.gatehouse.metering.store;

import dev.gatehouse.kernel.usage.RefusalTally;
import dev.gatehouse.metering.ledger.CommittedSequences;
import dev.gatehouse.metering.ledger.CommittedSequences.Held;
import dev.gatehouse.metering.ledger.DeadLetter;
import dev.gatehouse.metering.ledger.Lease;
import dev.gatehouse.metering.ledger.LedgerBatch;
import dev.gatehouse.metering.ledger.Sequence;
import dev.gatehouse.metering.ledger.SequenceRanges;
import dev.gatehouse.metering.ledger.Series;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a batch writes besides its rows: the ranges it settles, its link in the chain, dead letters, gaps and marks. */
final class BatchRows {
    private final Numbers numbers;
    private final Lease lease;

    BatchRows(Numbers numbers, Lease lease) {
        this.numbers = numbers;
        this.lease = lease;
    }

    void write(Connection connection, LedgerBatch batch, CommittedSequences committed) throws SQLException {
        ranges(connection, batch);
        gaps(connection, batch);
        marks(connection, batch, committed);
        deadLetters(connection, batch);
        refusalHours(connection, batch);
    }

    void link(Connection connection, long number, LedgerBatch batch, byte[] content, byte[] hash) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("""
                        INSERT INTO batch (shard, number, writer_epoch, events, refusals, late, content, hash, spans)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb)
                        """);
                PreparedStatement chain = connection.prepareStatement("UPDATE shard SET chain = ? WHERE shard = ?")) {
            insert.setInt(1, lease.shard());
            insert.setLong(2, number);
            insert.setLong(3, lease.epoch());
            insert.setInt(4, batch.events().size());
            insert.setInt(5, batch.refusals().size());
            insert.setInt(6, batch.pastWindow().size());
            insert.setBytes(7, content);
            insert.setBytes(8, hash);
            insert.setString(9, spans(batch));
            insert.executeUpdate();
            chain.setBytes(1, hash);
            chain.setInt(2, lease.shard());
            chain.executeUpdate();
        }
    }

    private static String spans(LedgerBatch batch) {
        StringBuilder json = new StringBuilder("[");
        batch.added().forEach((sequence, ranges) -> {
            if (json.length() > 1) {
                json.append(',');
            }
            json.append("{\"producer\":\"")
                    .append(sequence.producer().replace("\\", "\\\\").replace("\"", "\\\""))
                    .append("\",\"epoch\":")
                    .append(sequence.epoch())
                    .append(",\"series\":\"")
                    .append(sequence.series().code())
                    .append("\",\"ranges\":\"")
                    .append(ranges.toMultirange())
                    .append("\",\"count\":")
                    .append(ranges.size())
                    .append('}');
        });
        return json.append(']').toString();
    }

    private void ranges(Connection connection, LedgerBatch batch) throws SQLException {
        Map<Sequence, SequenceRanges> lost = new TreeMap<>();
        for (LedgerBatch.Gap gap : batch.gaps()) {
            lost.computeIfAbsent(gap.sequence(), s -> new SequenceRanges()).add(gap.first(), gap.last());
        }
        Set<Sequence> touched = new HashSet<>(batch.added().keySet());
        touched.addAll(lost.keySet());
        touched.addAll(batch.ends().keySet());
        if (touched.isEmpty()) {
            return;
        }
        try (PreparedStatement upsert = connection.prepareStatement("""
                INSERT INTO committed AS c (producer, epoch, series, shard, held, gaps, last_seq)
                VALUES (?, ?, ?::"char", ?, ?::int8multirange, ?::int8multirange, ?)
                ON CONFLICT (producer, epoch, series) DO UPDATE SET
                    held = c.held + excluded.held,
                    gaps = c.gaps + excluded.gaps,
                    last_seq = greatest(c.last_seq, excluded.last_seq)
                """)) {
            for (Sequence sequence : touched) {
                upsert.setInt(1, numbers.of(Numbers.Kind.PRODUCER, sequence.producer()));
                upsert.setLong(2, sequence.epoch());
                upsert.setString(3, sequence.series().code());
                upsert.setInt(4, lease.shard());
                upsert.setString(5, text(batch.added().get(sequence)));
                upsert.setString(6, text(lost.get(sequence)));
                Long last = batch.ends().get(sequence);
                if (last == null) {
                    upsert.setNull(7, Types.BIGINT);
                } else {
                    upsert.setLong(7, last);
                }
                upsert.addBatch();
            }
            upsert.executeBatch();
        }
    }

    private static String text(@Nullable SequenceRanges ranges) {
        return ranges == null ? "{}" : ranges.toMultirange();
    }

    private void gaps(Connection connection, LedgerBatch batch) throws SQLException {
        if (batch.gaps().isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO gap (producer, epoch, series, first_seq, last_seq, reason)
                VALUES (?, ?, ?::"char", ?, ?, ?) ON CONFLICT DO NOTHING
                """)) {
            for (LedgerBatch.Gap gap : batch.gaps()) {
                insert.setInt(
                        1, numbers.of(Numbers.Kind.PRODUCER, gap.sequence().producer()));
                insert.setLong(2, gap.sequence().epoch());
                insert.setString(3, gap.sequence().series().code());
                insert.setLong(4, gap.first());
                insert.setLong(5, gap.last());
                insert.setString(6, gap.reason());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** A mark counts once everything below its number is settled; another follows within a second. */
    private void marks(Connection connection, LedgerBatch batch, CommittedSequences committed) throws SQLException {
        if (batch.marks().isEmpty()) {
            return;
        }
        try (PreparedStatement upsert = connection.prepareStatement("""
                INSERT INTO mark AS m (producer, epoch, complete_to) VALUES (?, ?, ?)
                ON CONFLICT (producer) DO UPDATE SET epoch = excluded.epoch, complete_to = excluded.complete_to
                WHERE (m.epoch, m.complete_to) < (excluded.epoch, excluded.complete_to)
                """)) {
            for (Map.Entry<String, LedgerBatch.Mark> entry : batch.marks().entrySet()) {
                LedgerBatch.Mark mark = entry.getValue();
                Sequence sequence = new Sequence(entry.getKey(), mark.epoch(), Series.USAGE);
                if (settledWith(sequence, committed, batch) >= mark.first() - 1) {
                    upsert.setInt(1, numbers.of(Numbers.Kind.PRODUCER, entry.getKey()));
                    upsert.setLong(2, mark.epoch());
                    upsert.setObject(3, mark.completeTo().atOffset(ZoneOffset.UTC));
                    upsert.addBatch();
                }
            }
            upsert.executeBatch();
        }
    }

    private static long settledWith(Sequence sequence, CommittedSequences committed, LedgerBatch batch) {
        Held held = committed.of(sequence);
        SequenceRanges all = held.held().copy();
        all.addAll(held.gaps());
        SequenceRanges added = batch.added().get(sequence);
        if (added != null) {
            all.addAll(added);
        }
        for (LedgerBatch.Gap gap : batch.gaps()) {
            if (gap.sequence().equals(sequence)) {
                all.add(gap.first(), gap.last());
            }
        }
        return all.upTo();
    }

    private void deadLetters(Connection connection, LedgerBatch batch) throws SQLException {
        if (batch.deadLetters().isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement("""
                INSERT INTO dead_letter (shard, entry, producer, epoch, seq, reason, content, digest)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (digest) DO NOTHING
                """)) {
            for (DeadLetter letter : batch.deadLetters()) {
                Sequence sequence = letter.sequence();
                insert.setInt(1, lease.shard());
                insert.setString(2, letter.entry());
                if (sequence == null) {
                    insert.setNull(3, Types.VARCHAR);
                    insert.setNull(4, Types.BIGINT);
                    insert.setNull(5, Types.BIGINT);
                } else {
                    insert.setString(3, sequence.producer());
                    insert.setLong(4, sequence.epoch());
                    insert.setLong(5, letter.seq());
                }
                insert.setString(6, letter.reason());
                insert.setBytes(7, letter.content());
                insert.setBytes(8, digest(letter));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static byte[] digest(DeadLetter letter) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            Sequence sequence = letter.sequence();
            digest.update(
                    String.valueOf(sequence == null ? letter.entry() : sequence).getBytes(StandardCharsets.UTF_8));
            digest.update(ByteBuffer.allocate(8).putLong(letter.seq()).array());
            return digest.digest(letter.content());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    private record RefusalGroup(String tenant, long hour, int code, int key) {}

    private void refusalHours(Connection connection, LedgerBatch batch) throws SQLException {
        Map<RefusalGroup, Long> sums = new TreeMap<>(java.util.Comparator.comparing(RefusalGroup::tenant)
                .thenComparingLong(RefusalGroup::hour)
                .thenComparingInt(RefusalGroup::code)
                .thenComparingInt(RefusalGroup::key));
        for (RefusalTally tally : batch.refusals()) {
            if (tally.tenant() != null) {
                RefusalGroup group = new RefusalGroup(
                        tally.tenant().value(),
                        RollupSums.Grain.HOUR.slot(tally.second().getEpochSecond()),
                        numbers.of(Numbers.Kind.CODE, tally.code()),
                        tally.key() == null
                                ? 0
                                : numbers.of(Numbers.Kind.KEY, tally.key().value()));
                sums.merge(group, tally.count(), Math::addExact);
            }
        }
        if (sums.isEmpty()) {
            return;
        }
        try (PreparedStatement upsert = connection.prepareStatement("""
                INSERT INTO refusal_hour AS r (tenant_id, slot, code, key, shard, count)
                VALUES (?, to_timestamp(?), ?, ?, ?, ?)
                ON CONFLICT (tenant_id, slot, code, key, shard) DO UPDATE SET count = r.count + excluded.count
                """)) {
            for (Map.Entry<RefusalGroup, Long> sum : sums.entrySet()) {
                upsert.setString(1, sum.getKey().tenant());
                upsert.setLong(2, sum.getKey().hour());
                upsert.setInt(3, sum.getKey().code());
                upsert.setInt(4, sum.getKey().key());
                upsert.setInt(5, lease.shard());
                upsert.setLong(6, sum.getValue());
                upsert.addBatch();
            }
            upsert.executeBatch();
        }
    }
}
