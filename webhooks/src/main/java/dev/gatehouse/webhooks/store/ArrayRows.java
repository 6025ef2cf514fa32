package dev.gatehouse.webhooks.store;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * Rows that go to the database in one statement, however many they are: each column as an array. A statement for each row
 * would cost more than all else that is done about it.
 */
final class ArrayRows {
    /** A column's name, here and in the statement, and its type in PostgreSQL. */
    record Column(String name, String type) {
        /** Times and truths travel as text. */
        private String array() {
            return switch (type) {
                case "int", "bigint" -> type;
                default -> "text";
            };
        }

        private Class<?> element() {
            return switch (type) {
                case "int" -> Integer.class;
                case "bigint" -> Long.class;
                default -> String.class;
            };
        }
    }

    private final List<Column> columns;
    private final List<List<@Nullable Object>> values;

    private ArrayRows(List<Column> columns) {
        this.columns = columns;
        this.values = columns.stream()
                .map(column -> (List<@Nullable Object>) new ArrayList<@Nullable Object>())
                .toList();
    }

    /** Columns as in {@code id text}. */
    static List<Column> columns(String... columns) {
        return Stream.of(columns)
                .map(column -> column.split(" "))
                .map(parts -> new Column(parts[0], parts[1]))
                .toList();
    }

    static ArrayRows of(List<Column> columns) {
        return new ArrayRows(columns);
    }

    /** What stands in a statement for the rows, named {@code r}. */
    static String source(List<Column> columns) {
        String selected = String.join(
                ", ",
                columns.stream()
                        .map(column -> "u." + column.name() + "::" + column.type() + " AS " + column.name())
                        .toList());
        String arrays = String.join(
                ", ",
                columns.stream()
                        .map(column -> ":" + column.name() + "::" + column.array() + "[]")
                        .toList());
        return "(SELECT " + selected + " FROM unnest(" + arrays + ") AS u(" + names(columns) + ")) r";
    }

    static String names(List<Column> columns) {
        return String.join(", ", columns.stream().map(Column::name).toList());
    }

    /** As in {@code INSERT INTO attempt (…) SELECT * FROM …}. */
    static String insert(String table, List<Column> columns) {
        return "INSERT INTO " + table + " (" + names(columns) + ") SELECT * FROM " + source(columns);
    }

    /** @param row in the columns' order; integers, longs, or the text of anything else */
    void add(@Nullable Object... row) {
        for (int i = 0; i < values.size(); i++) {
            values.get(i).add(row[i]);
        }
    }

    /** Nothing when there is no row. */
    void execute(Handle transaction, String sql) {
        if (values.getFirst().isEmpty()) {
            return;
        }
        Update update = transaction.createUpdate(sql);
        for (int i = 0; i < values.size(); i++) {
            Column column = columns.get(i);
            update.bindArray(column.name(), column.element(), values.get(i).toArray());
        }
        update.execute();
    }
}
