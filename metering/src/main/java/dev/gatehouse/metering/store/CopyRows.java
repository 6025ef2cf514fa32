package dev.gatehouse.metering.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Rows in PostgreSQL's binary COPY format, gathered in one buffer and sent in pieces.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY, Binary Format</a>
 */
final class CopyRows implements AutoCloseable {
    private static final byte[] HEADER = {
        'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
    };
    private static final int PIECE = 256 * 1024;
    private static final long EPOCH_2000_MICROS = 946_684_800L * 1_000_000;

    private final CopyIn copy;
    private byte[] buffer = new byte[PIECE + 64 * 1024];
    private int at;

    CopyRows(Connection connection, String sql) throws SQLException {
        copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
        put(HEADER, 0, HEADER.length);
    }

    void row(int columns) throws SQLException {
        if (at >= PIECE) {
            send();
        }
        room(2);
        buffer[at++] = (byte) (columns >>> 8);
        buffer[at++] = (byte) columns;
    }

    void int2(int value) {
        room(6);
        raw4(2);
        buffer[at++] = (byte) (value >>> 8);
        buffer[at++] = (byte) value;
    }

    void int4(int value) {
        room(8);
        raw4(4);
        raw4(value);
    }

    void int4OrNull(@Nullable Integer value) {
        if (value == null) {
            room(4);
            raw4(-1);
        } else {
            int4(value);
        }
    }

    void int8(long value) {
        room(12);
        raw4(8);
        raw4((int) (value >>> 32));
        raw4((int) value);
    }

    void timestamp(Instant instant) {
        int8(instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000 - EPOCH_2000_MICROS);
    }

    void bytes(byte[] value, int offset, int length) {
        room(4 + length);
        raw4(length);
        put(value, offset, length);
    }

    void text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        bytes(bytes, 0, bytes.length);
    }

    /** Ends the COPY and returns the number of rows that the server took. */
    long end() throws SQLException {
        room(2);
        buffer[at++] = -1;
        buffer[at++] = -1;
        send();
        return copy.endCopy();
    }

    /** Breaks the COPY off when it was not ended. */
    @Override
    public void close() throws SQLException {
        if (copy.isActive()) {
            copy.cancelCopy();
        }
    }

    private void send() throws SQLException {
        copy.writeToCopy(buffer, 0, at);
        at = 0;
    }

    private void put(byte[] from, int offset, int length) {
        room(length);
        System.arraycopy(from, offset, buffer, at, length);
        at += length;
    }

    private void raw4(int value) {
        buffer[at] = (byte) (value >>> 24);
        buffer[at + 1] = (byte) (value >>> 16);
        buffer[at + 2] = (byte) (value >>> 8);
        buffer[at + 3] = (byte) value;
        at += 4;
    }

    private void room(int more) {
        if (buffer.length - at < more) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, at + more));
        }
    }
}
