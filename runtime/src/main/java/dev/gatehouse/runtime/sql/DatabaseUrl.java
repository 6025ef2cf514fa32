package dev.gatehouse.runtime.sql;

import java.net.URI;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Where a PostgreSQL is.
 *
 * @param jdbc without credentials, as in {@code jdbc:postgresql://127.0.0.1:5432/gatehouse}
 */
public record DatabaseUrl(
        String jdbc, @Nullable String user, @Nullable String password) {

    /**
     * Reads {@code postgresql://user:password@host:port/database?…}, with or without {@code jdbc:} before it; user and
     * password may also stand among the options behind the question mark, as JDBC writes them.
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
        StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
        String user = null;
        String password = null;
        String info = uri.getUserInfo();
        if (info != null) {
            int colon = info.indexOf(':');
            user = colon < 0 ? info : info.substring(0, colon);
            password = colon < 0 ? null : info.substring(colon + 1);
        }
        for (String option :
                uri.getQuery() == null ? new String[0] : uri.getQuery().split("&")) {
            if (option.startsWith("user=")) {
                user = option.substring("user=".length());
            } else if (option.startsWith("password=")) {
                password = option.substring("password=".length());
            } else {
                query.add(option);
            }
        }
        String jdbc = "jdbc:postgresql://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
                + uri.getPath() + query;
        return new DatabaseUrl(jdbc, user, password);
    }

    /** Never the password. */
    @Override
    public String toString() {
        return jdbc;
    }
}
