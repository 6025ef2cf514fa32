package dev.gatehouse.metering.store;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.metering.BillableHour;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * Adds up rows of {@code slot, operation_no, plan_no, calls, units} by tenant. An operation's id may stand in several
 * services or versions: its rows add up under the one name.
 */
final class BillableSums {
    private static final Comparator<BillableHour> ORDER = Comparator.comparing(BillableHour::hour)
            .thenComparing(BillableHour::operation)
            .thenComparing(BillableHour::plan);

    private record Slot(Instant hour, String operation, String plan) {}

    private final Handle handle;
    private final BillableNames names;
    private final Map<TenantId, Map<Slot, long[]>> sums = new HashMap<>();
    private final Map<Long, Instant> instants = new HashMap<>();

    /** @param handle works in schema {@code metering} */
    BillableSums(Handle handle, BillableNames names) {
        this.handle = handle;
        this.names = names;
    }

    /** @param query its first column is the tenant's id */
    BillableSums add(Query query) {
        Map<String, Map<Slot, long[]>> byId = new HashMap<>();
        query.map((row, context) -> {
                    add(
                            byId.computeIfAbsent(
                                    row.getString(1),
                                    id -> sums.computeIfAbsent(new TenantId(id), tenant -> new HashMap<>())),
                            row);
                    return 0;
                })
                .forEach(row -> {});
        return this;
    }

    /** @param query its first column is the tenant's number */
    void addByNumber(Query query, Map<TenantId, Integer> numbers) {
        Map<Integer, Map<Slot, long[]>> byNumber = new HashMap<>();
        numbers.forEach((tenant, no) -> byNumber.put(no, sums.computeIfAbsent(tenant, t -> new HashMap<>())));
        query.map((row, context) -> {
                    add(Objects.requireNonNull(byNumber.get(row.getInt(1))), row);
                    return 0;
                })
                .forEach(row -> {});
    }

    private void add(Map<Slot, long[]> slots, ResultSet row) throws SQLException {
        long second = row.getObject(2, OffsetDateTime.class).toEpochSecond();
        Slot slot = new Slot(
                instants.computeIfAbsent(second, Instant::ofEpochSecond),
                names.operation(handle, row.getInt(3)),
                names.plan(handle, row.getInt(4)));
        long[] sum = slots.computeIfAbsent(slot, key -> new long[2]);
        sum[0] = Math.addExact(sum[0], row.getLong(5));
        sum[1] = Math.addExact(sum[1], row.getLong(6));
    }

    /** In the order of time, then operation and plan. */
    List<BillableHour> hours(TenantId tenant) {
        Map<Slot, long[]> slots = sums.get(tenant);
        if (slots == null) {
            return List.of();
        }
        List<BillableHour> hours = new ArrayList<>(slots.size());
        slots.forEach(
                (slot, sum) -> hours.add(new BillableHour(slot.hour(), slot.plan(), slot.operation(), sum[0], sum[1])));
        hours.sort(ORDER);
        return hours;
    }
}
