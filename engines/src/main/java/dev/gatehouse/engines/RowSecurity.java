package dev.gatehouse.engines;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Walks a database's catalogue for what could show one tenant another's rows. For the tests of every module. */
public final class RowSecurity {
    private static final String GAPS = """
            SELECT n.nspname || '.' || c.relname AS name,
                   CASE
                     WHEN c.relkind = 'v' THEN 'is a view without security_barrier'
                     WHEN NOT c.relrowsecurity THEN 'has no row-level security'
                     WHEN NOT c.relforcerowsecurity THEN 'does not force row-level security on its owner'
                     WHEN NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid) THEN 'has no policy'
                     ELSE 'is owned by the role that works on it'
                   END AS gap
            FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
            JOIN pg_roles r ON r.oid = c.relowner
            WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')
              AND CASE WHEN c.relkind = 'v' THEN NOT coalesce(c.reloptions @> ARRAY['security_barrier=true'], false)
                       WHEN c.relkind IN ('r', 'p') THEN NOT c.relrowsecurity OR NOT c.relforcerowsecurity
                            OR NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)
                            OR r.rolname = 'gatehouse_' || n.nspname
                       ELSE false END
            ORDER BY name
            """;

    private RowSecurity() {}

    /**
     * Tables and views with a {@code tenant_id} that no policy guards.
     *
     * @param jdbcUrl with user and password
     * @return one sentence each, as in {@code directory.member has no policy}; empty when all is well
     */
    public static List<String> gaps(String jdbcUrl) throws SQLException {
        List<String> gaps = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(jdbcUrl);
                Statement sql = connection.createStatement();
                ResultSet rows = sql.executeQuery(GAPS)) {
            while (rows.next()) {
                gaps.add(rows.getString("name") + " " + rows.getString("gap"));
            }
        }
        return gaps;
    }
}
