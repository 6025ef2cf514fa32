package dev.gatehouse.metering.store;

import dev.gatehouse.metering.ledger.BatchHash;
import dev.gatehouse.metering.ledger.CommittedSequences;
import dev.gatehouse.metering.ledger.CommittedSequences.Held;
import dev.gatehouse.metering.ledger.FencedException;
import dev.gatehouse.metering.ledger.Lease;
import dev.gatehouse.metering.ledger.LedgerBatch;
import dev.gatehouse.metering.ledger.LedgerStore;
import dev.gatehouse.metering.ledger.Sequence;
import dev.gatehouse.metering.ledger.SequenceRanges;
import dev.gatehouse.metering.ledger.Series;
import dev.gatehouse.metering.ledger.WriterStep;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/**
 * The ledger in PostgreSQL, its raw rows in one partition per UTC day, or where the database has TimescaleDB in
 * hypertables with a chunk per UTC day: functions of the schema tell them apart. Leases go by the database's clock, so that writers
 * whose clocks differ agree on who holds one.
 */
public final class PostgresLedgerStore implements LedgerStore {
    private static final String[] PARTITIONED = {"usage_event", "refusal"};

    private final DataSource database;
    private final WriterStep.Observer observer;
    private final Numbers numbers = new Numbers();
    private final Set<LocalDate> prepared = ConcurrentHashMap.newKeySet();

    /** @param database connections that work in schema {@code ledger} */
    public PostgresLedgerStore(DataSource database) {
        this(database, WriterStep.Observer.NONE);
    }

    /**
     * @param database connections that work in schema {@code ledger}
     * @param observer told of the steps within a commit
     */
    public PostgresLedgerStore(DataSource database, WriterStep.Observer observer) {
        this.database = database;
        this.observer = observer;
    }

    @Override
    public Optional<Lease> acquire(int shard, String holder, Duration term) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO shard (shard) VALUES (?) ON CONFLICT DO NOTHING");
                PreparedStatement take = connection.prepareStatement("""
                        UPDATE shard SET holder = ?, epoch = epoch + 1,
                            held_until = clock_timestamp() + make_interval(secs => ?)
                        WHERE shard = ? AND (held_until < clock_timestamp() OR holder = ?)
                        RETURNING epoch
                        """)) {
            insert.setInt(1, shard);
            insert.executeUpdate();
            take.setString(1, holder);
            take.setDouble(2, seconds(term));
            take.setInt(3, shard);
            take.setString(4, holder);
            try (ResultSet row = take.executeQuery()) {
                return row.next() ? Optional.of(new Lease(shard, holder, row.getLong(1))) : Optional.empty();
            }
        }
    }

    @Override
    public void renew(Lease lease, Duration term) throws SQLException, FencedException {
        try (Connection connection = database.getConnection();
                PreparedStatement renew = connection.prepareStatement("""
                        UPDATE shard SET held_until = clock_timestamp() + make_interval(secs => ?)
                        WHERE shard = ? AND epoch = ? AND holder = ?
                        """)) {
            renew.setDouble(1, seconds(term));
            renew.setInt(2, lease.shard());
            renew.setLong(3, lease.epoch());
            renew.setString(4, lease.holder());
            if (renew.executeUpdate() == 0) {
                throw new FencedException(lease);
            }
        }
    }

    @Override
    public void release(Lease lease) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement release = connection.prepareStatement(
                        "UPDATE shard SET held_until = '-infinity' WHERE shard = ? AND epoch = ? AND holder = ?")) {
            release.setInt(1, lease.shard());
            release.setLong(2, lease.epoch());
            release.setString(3, lease.holder());
            release.executeUpdate();
        }
    }

    @Override
    public Held load(Sequence sequence) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        SELECT c.held::text, c.gaps::text FROM committed c JOIN name n ON n.no = c.producer
                        WHERE n.kind = 'producer' AND n.text = ? AND c.epoch = ? AND c.series = ?::"char"
                        """)) {
            select.setString(1, sequence.producer());
            select.setLong(2, sequence.epoch());
            select.setString(3, sequence.series().code());
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? new Held(SequenceRanges.parse(row.getString(1)), SequenceRanges.parse(row.getString(2)))
                        : new Held(new SequenceRanges(), new SequenceRanges());
            }
        }
    }

    @Override
    public Map<Sequence, Long> settled(int shard) throws SQLException {
        Map<Sequence, Long> settled = new HashMap<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        SELECT n.text, c.epoch, c.series::text, c.held::text, c.gaps::text
                        FROM committed c JOIN name n ON n.no = c.producer
                        WHERE c.shard = ?
                        """)) {
            select.setInt(1, shard);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    Held held =
                            new Held(SequenceRanges.parse(rows.getString(4)), SequenceRanges.parse(rows.getString(5)));
                    settled.put(
                            new Sequence(rows.getString(1), rows.getLong(2), Series.of(rows.getString(3))),
                            held.settledUpTo());
                }
            }
        }
        return settled;
    }

    @Override
    public long commit(Lease lease, Duration term, LedgerBatch batch, CommittedSequences committed)
            throws SQLException, FencedException {
        try (Connection connection = database.getConnection()) {
            numbers.learn(connection, batch);
            for (LocalDate day : RawRows.days(batch)) {
                prepare(connection, day);
            }
            connection.setAutoCommit(false);
            try {
                long number = write(connection, lease, term, batch, committed);
                observer.reached(WriterStep.BEFORE_COMMIT, lease.shard());
                connection.commit();
                observer.reached(WriterStep.AFTER_COMMIT, lease.shard());
                return number;
            } catch (SQLException | FencedException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    private long write(
            Connection connection, Lease lease, Duration term, LedgerBatch batch, CommittedSequences committed)
            throws SQLException, FencedException {
        asSystem(connection);
        limit(connection, term);
        Place place = fence(connection, lease, term, batch.isLinked());
        if (batch.isLinked()) {
            byte[] content = BatchHash.contentOf(batch);
            byte[] hash = BatchHash.link(place.chain(), lease.shard(), place.number(), content);
            observer.reached(WriterStep.BEFORE_INSERT, lease.shard());
            new RawRows(numbers, lease.shard(), place.number()).write(connection, batch);
            observer.reached(WriterStep.AFTER_INSERT, lease.shard());
            sums(connection, lease.shard(), batch);
            new BatchRows(numbers, lease).link(connection, place.number(), batch, content, hash);
        }
        new BatchRows(numbers, lease).write(connection, batch, committed);
        return place.number();
    }

    private void sums(Connection connection, int shard, LedgerBatch batch) throws SQLException {
        RollupSums rollups = new RollupSums();
        LatencySketches sketches = new LatencySketches();
        batch.events().forEach(row -> {
            rollups.add(row, numbers);
            sketches.add(row.event(), numbers);
        });
        rollups.write(connection, shard);
        sketches.write(connection, shard);
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Place(long number, byte[] chain) {}

    /** Takes the batch's number; the row stays locked until the commit, so batches of a shard follow one another. */
    private static Place fence(Connection connection, Lease lease, Duration term, boolean linked)
            throws SQLException, FencedException {
        try (PreparedStatement take = connection.prepareStatement("""
                UPDATE shard SET next_batch = next_batch + ?, held_until = clock_timestamp() + make_interval(secs => ?)
                WHERE shard = ? AND epoch = ? AND holder = ?
                RETURNING next_batch - 1, chain
                """)) {
            take.setInt(1, linked ? 1 : 0);
            take.setDouble(2, seconds(term));
            take.setInt(3, lease.shard());
            take.setLong(4, lease.epoch());
            take.setString(5, lease.holder());
            try (ResultSet row = take.executeQuery()) {
                if (!row.next()) {
                    throw new FencedException(lease);
                }
                return new Place(linked ? row.getLong(1) : 0, row.getBytes(2));
            }
        }
    }

    /** A writer that stops in mid-transaction must not keep its successor waiting for the locks it holds. */
    private static void limit(Connection connection, Duration term) throws SQLException {
        long millis = Math.max(1_000, term.toMillis());
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL idle_in_transaction_session_timeout = " + millis
                    + "; SET LOCAL lock_timeout = " + millis);
        }
    }

    @Override
    public void prepare(LocalDate first, LocalDate last) throws SQLException {
        try (Connection connection = database.getConnection()) {
            for (LocalDate day = first; !day.isAfter(last); day = day.plusDays(1)) {
                prepare(connection, day);
            }
        }
    }

    private void prepare(Connection connection, LocalDate day) throws SQLException {
        if (prepared.contains(day)) {
            return;
        }
        try (PreparedStatement make = connection.prepareStatement("SELECT make_partition(?, ?)")) {
            for (String table : PARTITIONED) {
                make.setString(1, table);
                make.setObject(2, day);
                make.execute();
            }
        }
        prepared.add(day);
    }

    @Override
    public void compact(LocalDate before) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement compress = connection.prepareStatement("SELECT compress_partition(?, ?)")) {
            if (!hasHypertables(connection)) {
                return;
            }
            for (String table : PARTITIONED) {
                for (LocalDate day : partitions(connection, table)) {
                    if (day.isBefore(before)) {
                        compress.setString(1, table);
                        compress.setObject(2, day);
                        compress.execute();
                    }
                }
            }
        }
    }

    private static boolean hasHypertables(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT has_hypertables()")) {
            return row.next() && row.getBoolean(1);
        }
    }

    @Override
    public List<LocalDate> retire(LocalDate keepFrom, LocalDate keepMinutesFrom) throws SQLException {
        try (Connection connection = database.getConnection()) {
            List<LocalDate> dropped = new ArrayList<>();
            for (LocalDate day : partitions(connection, "usage_event")) {
                if (day.isBefore(keepFrom)) {
                    drop(connection, day);
                    dropped.add(day);
                    prepared.remove(day);
                }
            }
            connection.setAutoCommit(false);
            try {
                asSystem(connection);
                for (String table : new String[] {"rollup_minute", "latency"}) {
                    try (PreparedStatement delete = connection.prepareStatement(
                            "DELETE FROM " + table + " WHERE slot < ?::timestamp AT TIME ZONE 'UTC'")) {
                        delete.setObject(1, keepMinutesFrom);
                        delete.executeUpdate();
                    }
                }
                connection.commit();
            } catch (SQLException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
            return dropped;
        }
    }

    private static List<LocalDate> partitions(Connection connection, String table) throws SQLException {
        List<LocalDate> days = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("SELECT partitions(?)")) {
            select.setString(1, table);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    days.add(rows.getObject(1, LocalDate.class));
                }
            }
        }
        return days;
    }

    private static void drop(Connection connection, LocalDate day) throws SQLException {
        try (PreparedStatement drop = connection.prepareStatement("SELECT drop_partition(?, ?)")) {
            for (String table : PARTITIONED) {
                drop.setString(1, table);
                drop.setObject(2, day);
                drop.execute();
            }
        }
    }

    /** Lets the transaction see every tenant's rows. */
    static void asSystem(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL gatehouse.tenant = '*'");
        }
    }

    private static double seconds(Duration term) {
        return term.toMillis() / 1_000.0;
    }
}
