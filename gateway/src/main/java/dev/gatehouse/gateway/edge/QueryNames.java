package dev.gatehouse.gateway.edge;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which parameters a query uses, and which fields its {@code select} names. Values are not looked at otherwise. */
final class QueryNames {
    private static final int MOST = 64;
    private static final String SELECT = "select=";

    private QueryNames() {}

    static List<String> parameters(@Nullable String query) {
        if (query == null || query.isEmpty()) {
            return List.of();
        }
        List<String> names = new ArrayList<>(4);
        int start = 0;
        while (start < query.length() && names.size() < MOST) {
            int end = query.indexOf('&', start);
            int stop = end < 0 ? query.length() : end;
            int equals = query.indexOf('=', start);
            String name = query.substring(start, equals < 0 || equals > stop ? stop : equals);
            if (!name.isEmpty() && !names.contains(name)) {
                names.add(name);
            }
            start = stop + 1;
        }
        return names;
    }

    static List<String> selected(@Nullable String query) {
        if (query == null) {
            return List.of();
        }
        int at = query.startsWith(SELECT) ? 0 : query.indexOf('&' + SELECT) + 1;
        if (at == 0 && !query.startsWith(SELECT)) {
            return List.of();
        }
        int end = query.indexOf('&', at);
        String value = query.substring(at + SELECT.length(), end < 0 ? query.length() : end)
                .replace("%2C", ",");
        List<String> fields = new ArrayList<>(8);
        for (String field : value.split(",", MOST + 1)) {
            if (!field.isEmpty() && fields.size() < MOST) {
                fields.add(field);
            }
        }
        return fields;
    }
}
