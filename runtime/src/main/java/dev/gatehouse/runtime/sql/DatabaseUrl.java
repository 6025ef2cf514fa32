package dev.gatehouse.runtime.sql;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where a PostgreSQL is.
 *
 * @param jdbc without credentials, as in {@code jdbc:postgresql://127.0.0.1:5432/gatehouse}
 */
public record DatabaseUrl(
        String jdbc, @Nullable String user, @Nullable String password) {

    /**
     * Reads {@code postgresql://user:password@host:port/database?…}, with or without {@code jdbc:} before it.
     *
     * @throws IllegalArgumentException when it is something else; the message never repeats the password
     */
    public static DatabaseUrl parse(String text) {
        String url = text.startsWith("jdbc:") ? text.substring(5) : text;
        if (url.startsWith("postgres://")) {
            url = "postgresql" + url.substring("postgres".length());
        }
        if (!url.startsWith("postgresql://")) {
            throw new IllegalArgumentException(
                    "the database URL must look like postgresql://user:password@host:5432/database");
        }
        URI uri = URI.create(url);
        String info = uri.getUserInfo();
        String query = uri.getQuery() == null ? "" : "?" + uri.getQuery();
        String jdbc = "jdbc:postgresql://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
                + uri.getPath() + query;
        if (info == null) {
            return new DatabaseUrl(jdbc, null, null);
        }
        int colon = info.indexOf(':');
        return colon < 0
                ? new DatabaseUrl(jdbc, info, null)
                : new DatabaseUrl(jdbc, info.substring(0, colon), info.substring(colon + 1));
    }

    /** Never the password. */
    @Override
    public String toString() {
        return jdbc;
    }
}
