package dev.gatehouse.metering.store;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.DDSketches;
import com.datadoghq.sketch.ddsketch.encoding.ByteArrayInput;
import com.datadoghq.sketch.ddsketch.encoding.GrowingByteArrayOutput;
import dev.gatehouse.kernel.usage.UsageEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/** How long answers took, per tenant, operation and minute, and per hour: sketches that can be merged, within 1 % of the true value. */
final class LatencySketches {
    private static final double ACCURACY = 0.01;
    private static final int MAX_BINS = 1_024;

    private record Group(String tenant, long slot, int operation) {}

    private static final Comparator<Group> ORDER =
            Comparator.comparing(Group::tenant).thenComparingLong(Group::slot).thenComparingInt(Group::operation);

    private final Map<Group, DDSketch> minutes = new HashMap<>();

    static DDSketch empty() {
        return DDSketches.collapsingLowestDense(ACCURACY, MAX_BINS);
    }

    /** Adds stored bytes to a sketch. */
    static void merge(DDSketch into, byte[] stored) {
        try {
            into.decodeAndMergeWith(ByteArrayInput.wrap(stored));
        } catch (IOException e) {
            throw new UncheckedIOException("a stored sketch cannot be read", e);
        }
    }

    static byte[] bytes(DDSketch sketch) {
        try {
            GrowingByteArrayOutput out = GrowingByteArrayOutput.withDefaultInitialCapacity();
            sketch.encode(out, false);
            return out.trimmedCopy();
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written", e);
        }
    }

    void add(UsageEvent event, Numbers numbers) {
        long slot = RollupSums.Grain.MINUTE.slot(event.at().getEpochSecond());
        minutes.computeIfAbsent(new Group(event.tenant().value(), slot, numbers.operation(event)), g -> empty())
                .accept(event.totalMicros() / 1_000.0);
    }

    /** Merges with what is stored. Only the shard's one writer touches its rows, so reading first is safe. */
    void write(Connection connection, int shard) throws SQLException {
        if (minutes.isEmpty()) {
            return;
        }
        Map<Group, DDSketch> hours = new HashMap<>();
        minutes.forEach((group, sketch) -> hours.computeIfAbsent(
                        new Group(group.tenant(), RollupSums.Grain.HOUR.slot(group.slot()), group.operation()),
                        g -> empty())
                .mergeWith(sketch));
        write(connection, shard, "latency", minutes);
        write(connection, shard, "latency_hour", hours);
    }

    private static void write(Connection connection, int shard, String table, Map<Group, DDSketch> groups)
            throws SQLException {
        Group[] order = groups.keySet().stream().sorted(ORDER).toArray(Group[]::new);
        Object[] tenants = new Object[order.length];
        Object[] slots = new Object[order.length];
        Object[] operations = new Object[order.length];
        for (int i = 0; i < order.length; i++) {
            tenants[i] = order[i].tenant();
            slots[i] = order[i].slot();
            operations[i] = order[i].operation();
        }
        mergeStored(connection, shard, table, groups, new Object[][] {tenants, slots, operations});
        byte[][] sketches = new byte[order.length][];
        for (int i = 0; i < order.length; i++) {
            sketches[i] = bytes(java.util.Objects.requireNonNull(groups.get(order[i])));
        }
        try (PreparedStatement upsert = connection.prepareStatement("""
                INSERT INTO %s (shard, tenant_id, slot, operation, sketch)
                SELECT ?, tenant_id, to_timestamp(slot), operation, sketch
                FROM unnest(?::text[], ?::bigint[], ?::integer[], ?::bytea[]) AS s (tenant_id, slot, operation, sketch)
                ON CONFLICT (tenant_id, slot, operation, shard) DO UPDATE SET sketch = excluded.sketch
                """.formatted(table))) {
            upsert.setInt(1, shard);
            upsert.setArray(2, connection.createArrayOf("text", tenants));
            upsert.setArray(3, connection.createArrayOf("int8", slots));
            upsert.setArray(4, connection.createArrayOf("int4", operations));
            upsert.setArray(5, connection.createArrayOf("bytea", sketches));
            upsert.executeUpdate();
        }
    }

    private static void mergeStored(
            Connection connection, int shard, String table, Map<Group, DDSketch> groups, Object[][] keys)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("""
                SELECT l.tenant_id, extract(epoch FROM l.slot)::bigint, l.operation, l.sketch
                FROM unnest(?::text[], ?::bigint[], ?::integer[]) AS s (tenant_id, slot, operation)
                JOIN %s l ON l.tenant_id = s.tenant_id AND l.slot = to_timestamp(s.slot)
                    AND l.operation = s.operation AND l.shard = ?
                """.formatted(table))) {
            select.setArray(1, connection.createArrayOf("text", keys[0]));
            select.setArray(2, connection.createArrayOf("int8", keys[1]));
            select.setArray(3, connection.createArrayOf("int4", keys[2]));
            select.setInt(4, shard);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    DDSketch sketch = groups.get(new Group(rows.getString(1), rows.getLong(2), rows.getInt(3)));
                    if (sketch != null) {
                        merge(sketch, rows.getBytes(4));
                    }
                }
            }
        }
    }
}
