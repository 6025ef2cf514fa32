package dev.gatehouse.bench.metering.store;

import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.metering.ledger.LedgerEvent;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Other ways to write the ledger's raw rows, into a table that has its columns, its partitions and its index, and neither
 * rollups nor ranges, chain or fence.
 */
public final class RawInserts implements AutoCloseable {
    private static final long EPOCH_2000_MICROS = 946_684_800L * 1_000_000;
    private static final int PIECE = 256 * 1024;
    private static final int COLUMNS = 16;

    private final Connection connection;
    private final Map<String, Integer> numbers = new HashMap<>();

    /** @param url of a database that has the ledger's schema */
    public RawInserts(DatabaseUrl url) throws SQLException {
        Properties properties = new Properties();
        if (url.user() != null) {
            properties.setProperty("user", url.user());
        }
        if (url.password() != null) {
            properties.setProperty("password", url.password());
        }
        properties.setProperty("reWriteBatchedInserts", "true");
        connection = DriverManager.getConnection(url.jdbc(), properties);
        run("CREATE SCHEMA bench");
        make("bare", "");
        make("unique_rows", "CREATE UNIQUE INDEX ON bench.unique_rows (producer, epoch, seq, at)");
        connection.setAutoCommit(false);
    }

    private void make(String table, String more) throws SQLException {
        run("CREATE TABLE bench." + table + " (LIKE ledger.usage_event) PARTITION BY RANGE (at)");
        run("CREATE TABLE bench." + table + "_all PARTITION OF bench." + table + " DEFAULT");
        run("CREATE INDEX ON bench." + table + " (tenant, at)");
        if (!more.isEmpty()) {
            run(more);
        }
    }

    private void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Empties the tables, so that each round starts as the one before. */
    public void clear() throws SQLException {
        run("TRUNCATE bench.bare, bench.unique_rows");
        connection.commit();
    }

    /** The rows in PostgreSQL's binary COPY format, in pieces: not part of what is measured. */
    public byte[] copyBytes(List<LedgerEvent> rows) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(rows.size() * 400);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write(new byte[] {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0});
            out.writeLong(0);
            for (LedgerEvent row : rows) {
                UsageEvent event = row.event();
                out.writeShort(COLUMNS);
                long8(out, micros(event.at()) - EPOCH_2000_MICROS);
                long8(out, 1);
                long8(out, event.seq());
                long8(out, event.cost());
                long8(out, event.charged());
                long8(out, event.epoch());
                int4(out, number(event.producer()));
                int4(out, number(event.tenant().value()));
                int4(out, number(event.key().value()));
                int4(out, number(event.plan()));
                int4(out, number(event.operation()));
                int2(out, 0);
                int2(out, event.status());
                int2(out, event.completion().ordinal());
                int2(out, 3);
                out.writeInt(row.length());
                out.write(row.bytes(), row.offset(), row.length());
            }
            out.writeShort(-1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** COPY of bytes that {@link #copyBytes} made, in one transaction: what the server takes at best. */
    public void copy(byte[] bytes) throws SQLException {
        CopyIn copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY bench.bare FROM STDIN WITH (FORMAT binary)");
        for (int at = 0; at < bytes.length; at += PIECE) {
            copy.writeToCopy(bytes, at, Math.min(PIECE, bytes.length - at));
        }
        copy.endCopy();
        connection.commit();
    }

    /** One statement a row, one transaction for all. */
    public void rowByRow(List<LedgerEvent> rows) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO bench.bare VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (LedgerEvent row : rows) {
                bind(insert, row);
                insert.executeUpdate();
            }
        }
        connection.commit();
    }

    /** Batches of a thousand, which the driver writes as inserts of many rows, that drop what is there already. */
    public void onConflict(List<LedgerEvent> rows) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO bench.unique_rows"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
            int waiting = 0;
            for (LedgerEvent row : rows) {
                bind(insert, row);
                insert.addBatch();
                if (++waiting == 1_000) {
                    insert.executeBatch();
                    waiting = 0;
                }
            }
            insert.executeBatch();
        }
        connection.commit();
    }

    private void bind(PreparedStatement insert, LedgerEvent row) throws SQLException {
        UsageEvent event = row.event();
        insert.setTimestamp(1, Timestamp.from(event.at()));
        insert.setLong(2, 1);
        insert.setLong(3, event.seq());
        insert.setLong(4, event.cost());
        insert.setLong(5, event.charged());
        insert.setLong(6, event.epoch());
        insert.setInt(7, number(event.producer()));
        insert.setInt(8, number(event.tenant().value()));
        insert.setInt(9, number(event.key().value()));
        insert.setInt(10, number(event.plan()));
        insert.setInt(11, number(event.operation()));
        insert.setInt(12, 0);
        insert.setInt(13, event.status());
        insert.setInt(14, event.completion().ordinal());
        insert.setInt(15, 3);
        insert.setBytes(16, java.util.Arrays.copyOfRange(row.bytes(), row.offset(), row.offset() + row.length()));
    }

    private int number(String text) {
        return numbers.computeIfAbsent(text, t -> numbers.size() + 1);
    }

    private static long micros(Instant at) {
        return at.getEpochSecond() * 1_000_000 + at.getNano() / 1_000;
    }

    private static void long8(DataOutputStream out, long value) throws IOException {
        out.writeInt(8);
        out.writeLong(value);
    }

    private static void int4(DataOutputStream out, int value) throws IOException {
        out.writeInt(4);
        out.writeInt(value);
    }

    private static void int2(DataOutputStream out, int value) throws IOException {
        out.writeInt(2);
        out.writeShort(value);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
