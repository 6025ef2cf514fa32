package dev.gatehouse.metering.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;

/** What the numbers of operations and plans stand for. A number never changes its meaning, so each is read once. */
final class BillableNames {
    private final Map<Integer, String> operations = new ConcurrentHashMap<>();
    private final Map<Integer, String> plans = new ConcurrentHashMap<>();

    /** @param handle works in schema {@code metering} */
    String operation(Handle handle, int number) {
        return name(handle, operations, "operation_name", number);
    }

    String plan(Handle handle, int number) {
        return name(handle, plans, "plan_name", number);
    }

    private static String name(Handle handle, Map<Integer, String> known, String view, int number) {
        String name = known.get(number);
        if (name != null) {
            return name;
        }
        handle.createQuery("SELECT no, text FROM " + view)
                .map((row, context) -> Map.entry(row.getInt(1), row.getString(2)))
                .forEach(each -> known.put(each.getKey(), each.getValue()));
        String read = known.get(number);
        if (read == null) {
            throw new IllegalStateException("the ledger has no number " + number + " in " + view);
        }
        return read;
    }
}
