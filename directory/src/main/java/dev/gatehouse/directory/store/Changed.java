package dev.gatehouse.directory.store;

import dev.gatehouse.kernel.directory.UnusableEntry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows, each read by itself: one that cannot be read, as one of a release to come, does not take the others with it.
 *
 * @param entries those that can be read
 * @param unusable the others
 */
public record Changed<T>(List<T> entries, List<UnusableEntry> unusable) {
    private static final Logger LOG = LoggerFactory.getLogger(Changed.class);

    public Changed {
        entries = List.copyOf(entries);
        unusable = List.copyOf(unusable);
    }

    /** How a row is read. */
    interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    /**
     * @param id the column that names a row
     * @param hash the column of a key's hash; null for other kinds
     */
    static <T> Changed<T> read(
            Query query, UnusableEntry.Kind kind, String id, @Nullable String hash, Reading<T> reading) {
        List<T> entries = new ArrayList<>();
        List<UnusableEntry> unusable = new ArrayList<>();
        query.map((row, context) -> {
                    try {
                        entries.add(reading.of(row));
                    } catch (RuntimeException e) {
                        String name = row.getString(id);
                        unusable.add(
                                new UnusableEntry(kind, name, hash == null ? null : row.getString(hash), reason(e)));
                        LOG.error("the {} {} is stored in a way that cannot be read", kind, name, e);
                    }
                    return true;
                })
                .list();
        return new Changed<>(entries, unusable);
    }

    /** In few words, without what is stored. */
    public static String reason(RuntimeException failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        return message.substring(0, Math.min(message.length(), 200));
    }
}
