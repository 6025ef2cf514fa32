package dev.gatehouse.bench.metering.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Rows in PostgreSQL's binary COPY format on a connection of their own. */
final class CopyStream implements AutoCloseable {
    private static final int PIECE = 512 * 1024;
    private static final long EPOCH_2000 = 946_684_800L;

    private final CopyIn copy;
    private byte[] buffer = new byte[PIECE + 64 * 1024];
    private int at;

    CopyStream(Connection connection, String table, String columns) throws SQLException {
        copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY " + table + " (" + columns + ") FROM STDIN WITH (FORMAT binary)");
        byte[] header = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0};
        System.arraycopy(header, 0, buffer, 0, header.length);
        at = header.length;
    }

    CopyStream row(int columns) throws SQLException {
        if (at >= PIECE) {
            copy.writeToCopy(buffer, 0, at);
            at = 0;
        }
        return raw2(columns);
    }

    CopyStream int2(int value) {
        return raw4(2).raw2(value);
    }

    CopyStream int4(int value) {
        return raw4(4).raw4(value);
    }

    CopyStream int8(long value) {
        return raw4(8).raw4((int) (value >>> 32)).raw4((int) value);
    }

    CopyStream bool(boolean value) {
        raw4(1);
        buffer[at++] = (byte) (value ? 1 : 0);
        return this;
    }

    CopyStream time(long epochSecond) {
        return int8((epochSecond - EPOCH_2000) * 1_000_000);
    }

    CopyStream time(Instant instant) {
        return int8((instant.getEpochSecond() - EPOCH_2000) * 1_000_000 + instant.getNano() / 1_000);
    }

    /** A numeric without a fraction: up to five digits to the base of 10,000. */
    CopyStream numeric(long value) {
        short[] digits = new short[5];
        int count = 0;
        for (long rest = value; rest > 0; rest /= 10_000) {
            digits[count++] = (short) (rest % 10_000);
        }
        raw4(8 + 2 * count).raw2(count).raw2(Math.max(0, count - 1)).raw2(0).raw2(0);
        while (count > 0) {
            raw2(digits[--count]);
        }
        return this;
    }

    CopyStream text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return bytes(bytes, 0, bytes.length);
    }

    CopyStream bytes(byte[] value, int offset, int length) {
        raw4(length);
        room(length);
        System.arraycopy(value, offset, buffer, at, length);
        at += length;
        return this;
    }

    private CopyStream raw2(int value) {
        room(2);
        buffer[at++] = (byte) (value >>> 8);
        buffer[at++] = (byte) value;
        return this;
    }

    private CopyStream raw4(int value) {
        room(4);
        raw2(value >>> 16);
        return raw2(value);
    }

    private void room(int more) {
        if (buffer.length - at < more + 16) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, at + more + 16));
        }
    }

    @Override
    public void close() throws SQLException {
        raw2(-1);
        copy.writeToCopy(buffer, 0, at);
        copy.endCopy();
    }
}
