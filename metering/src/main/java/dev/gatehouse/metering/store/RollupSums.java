package dev.gatehouse.metering.store;

import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.metering.ledger.LedgerEvent;
import dev.gatehouse.metering.ledger.LedgerEvent.Lateness;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a batch adds to the rollups: sums in exact arithmetic by minute, hour and day. */
final class RollupSums {
    /** How long a slot of a rollup is; the code stands in the table. */
    enum Grain {
        MINUTE(1, 60),
        HOUR(2, 3_600),
        DAY(3, 86_400);

        private final int code;
        private final long seconds;

        Grain(int code, long seconds) {
            this.code = code;
            this.seconds = seconds;
        }

        int code() {
            return code;
        }

        long slot(long epochSecond) {
            return Math.floorDiv(epochSecond, seconds) * seconds;
        }
    }

    /** A row's identity, but for its grain. Slot in seconds since 1970. */
    record Group(String tenant, long slot, int operation, int key, int status, int plan, boolean live) {
        Group at(Grain grain) {
            return new Group(tenant, grain.slot(slot), operation, key, status, plan, live);
        }
    }

    /** A row's sums. */
    static final class Sums {
        long calls;
        long units;
        long billableCalls;
        long billableUnits;
        long requestBytes;
        long responseBytes;
        long totalMicros;
        long lateCalls;
        long lateUnits;

        void add(Sums other) {
            calls += other.calls;
            units = Math.addExact(units, other.units);
            billableCalls += other.billableCalls;
            billableUnits = Math.addExact(billableUnits, other.billableUnits);
            requestBytes = Math.addExact(requestBytes, other.requestBytes);
            responseBytes = Math.addExact(responseBytes, other.responseBytes);
            totalMicros = Math.addExact(totalMicros, other.totalMicros);
            lateCalls += other.lateCalls;
            lateUnits = Math.addExact(lateUnits, other.lateUnits);
        }

        void add(UsageEvent event, Lateness lateness) {
            calls++;
            units = Math.addExact(units, event.charged());
            if (event.billable()) {
                billableCalls++;
                billableUnits = Math.addExact(billableUnits, event.charged());
            }
            requestBytes = Math.addExact(requestBytes, event.requestBytes());
            responseBytes = Math.addExact(responseBytes, event.responseBytes());
            totalMicros = Math.addExact(totalMicros, event.totalMicros());
            if (lateness == Lateness.LATE) {
                lateCalls++;
                lateUnits = Math.addExact(lateUnits, event.charged());
            }
        }
    }

    /** Rows in the order of the primary key: two writers that meet wait for each other instead of dying. */
    private static final Comparator<Group> ORDER = Comparator.comparing(Group::tenant)
            .thenComparingLong(Group::slot)
            .thenComparingInt(Group::operation)
            .thenComparingInt(Group::key)
            .thenComparingInt(Group::status)
            .thenComparingInt(Group::plan)
            .thenComparing(Group::live);

    private static final String UPSERT = """
            INSERT INTO rollup AS r (grain, shard, tenant_id, slot, operation, key, status, plan, live, calls, units,
                billable_calls, billable_units, request_bytes, response_bytes, total_micros, late_calls, late_units)
            SELECT ?, ?, tenant_id, to_timestamp(slot), operation, key, status, plan, live, calls, units,
                billable_calls, billable_units, request_bytes, response_bytes, total_micros, late_calls, late_units
            FROM unnest(?::text[], ?::bigint[], ?::integer[], ?::integer[], ?::smallint[], ?::integer[], ?::boolean[],
                ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[],
                ?::bigint[])
                AS s (tenant_id, slot, operation, key, status, plan, live, calls, units, billable_calls, billable_units,
                    request_bytes, response_bytes, total_micros, late_calls, late_units)
            ON CONFLICT (grain, tenant_id, slot, operation, key, status, plan, live, shard) DO UPDATE SET
                calls = r.calls + excluded.calls,
                units = r.units + excluded.units,
                billable_calls = r.billable_calls + excluded.billable_calls,
                billable_units = r.billable_units + excluded.billable_units,
                request_bytes = r.request_bytes + excluded.request_bytes,
                response_bytes = r.response_bytes + excluded.response_bytes,
                total_micros = r.total_micros + excluded.total_micros,
                late_calls = r.late_calls + excluded.late_calls,
                late_units = r.late_units + excluded.late_units
            """;

    private final Map<Group, Sums> minutes = new HashMap<>();

    void add(LedgerEvent row, Numbers numbers) {
        UsageEvent event = row.event();
        Group group = new Group(
                event.tenant().value(),
                Grain.MINUTE.slot(event.at().getEpochSecond()),
                numbers.operation(event),
                numbers.of(Numbers.Kind.KEY, event.key().value()),
                event.status(),
                numbers.of(Numbers.Kind.PLAN, event.plan()),
                event.mode() == KeyMode.LIVE);
        minutes.computeIfAbsent(group, g -> new Sums()).add(event, row.lateness());
    }

    /** The sums so far at a grain. */
    Map<Group, Sums> at(Grain grain) {
        if (grain == Grain.MINUTE) {
            return minutes;
        }
        Map<Group, Sums> coarse = new HashMap<>();
        minutes.forEach((group, sums) ->
                coarse.computeIfAbsent(group.at(grain), g -> new Sums()).add(sums));
        return coarse;
    }

    void write(Connection connection, int shard) throws SQLException {
        if (minutes.isEmpty()) {
            return;
        }
        try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
            for (Grain grain : Grain.values()) {
                write(connection, upsert, grain, shard);
            }
        }
    }

    private void write(Connection connection, PreparedStatement upsert, Grain grain, int shard) throws SQLException {
        Map<Group, Sums> groups = at(grain);
        List<Group> order = new ArrayList<>(groups.keySet());
        order.sort(ORDER);
        int n = order.size();
        Object[] tenants = new Object[n];
        Object[] live = new Object[n];
        Integer[] operations = new Integer[n];
        Integer[] keys = new Integer[n];
        Integer[] statuses = new Integer[n];
        Integer[] plans = new Integer[n];
        Long[][] sums = new Long[10][n];
        for (int i = 0; i < n; i++) {
            Group group = order.get(i);
            Sums sum = java.util.Objects.requireNonNull(groups.get(group));
            tenants[i] = group.tenant();
            live[i] = group.live();
            operations[i] = group.operation();
            keys[i] = group.key();
            statuses[i] = group.status();
            plans[i] = group.plan();
            sums[0][i] = group.slot();
            sums[1][i] = sum.calls;
            sums[2][i] = sum.units;
            sums[3][i] = sum.billableCalls;
            sums[4][i] = sum.billableUnits;
            sums[5][i] = sum.requestBytes;
            sums[6][i] = sum.responseBytes;
            sums[7][i] = sum.totalMicros;
            sums[8][i] = sum.lateCalls;
            sums[9][i] = sum.lateUnits;
        }
        upsert.setInt(1, grain.code());
        upsert.setInt(2, shard);
        List<Array> arrays = new ArrayList<>();
        arrays.add(connection.createArrayOf("text", tenants));
        arrays.add(connection.createArrayOf("int8", sums[0]));
        arrays.add(connection.createArrayOf("int4", operations));
        arrays.add(connection.createArrayOf("int4", keys));
        arrays.add(connection.createArrayOf("int4", statuses));
        arrays.add(connection.createArrayOf("int4", plans));
        arrays.add(connection.createArrayOf("bool", live));
        for (int s = 1; s < sums.length; s++) {
            arrays.add(connection.createArrayOf("int8", sums[s]));
        }
        for (int i = 0; i < arrays.size(); i++) {
            upsert.setArray(3 + i, arrays.get(i));
        }
        upsert.executeUpdate();
    }
}
