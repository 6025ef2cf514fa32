package dev.gatehouse.bench.poison.store;

import dev.gatehouse.bench.poison.Damage;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Damages rows of an installation behind its back, as its owner, and puts them right again. */
public final class StoredRecords implements AutoCloseable {
    private static final String VERSION = "(SELECT n FROM directory.version)";
    private static final String HUGE = "repeat('x', 2000000)";

    private final Connection connection;

    private StoredRecords(Connection connection) {
        this.connection = connection;
    }

    /** @param url as in {@code postgres://user:password@host:port/database} */
    public static StoredRecords open(String url) throws SQLException {
        DatabaseUrl parsed = DatabaseUrl.parse(url);
        Connection connection = DriverManager.getConnection(parsed.jdbc(), parsed.user(), parsed.password());
        StoredRecords records = new StoredRecords(connection);
        // every tenant's rows
        records.run("SET gatehouse.tenant = '*'");
        return records;
    }

    private long run(String sql, Object... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            if (!statement.execute()) {
                return statement.getUpdateCount();
            }
            try (ResultSet rows = statement.getResultSet()) {
                return rows.next() ? rows.getLong(1) : 0;
            }
        }
    }

    private void bump() throws SQLException {
        run("UPDATE directory.version SET n = n + 1");
    }

    public void damageKey(String id, Damage damage) throws SQLException {
        bump();
        String change = switch (damage) {
            case DAMAGED -> "scopes = ARRAY[NULL]::text[]";
            case HUGE -> "allowed_addresses = ARRAY[" + HUGE + "]";
            case FUTURE -> "allowed_addresses = ARRAY['region:eu']";
            case ODD -> "allowed_addresses = ARRAY['203.0.113.0/120']";
        };
        run("UPDATE directory.api_key SET " + change + ", version = " + VERSION + " WHERE key_id = ?", id);
    }

    public void healKey(String id) throws SQLException {
        bump();
        run(
                "UPDATE directory.api_key SET scopes = ARRAY['*'], allowed_addresses = ARRAY[]::text[], version = "
                        + VERSION + " WHERE key_id = ?",
                id);
    }

    public void damageTenant(String slug, Damage damage) throws SQLException {
        bump();
        String change = switch (damage) {
            case DAMAGED -> "pools = '{\"a b\": \"c\"}'";
            case HUGE -> "pools = jsonb_build_object(" + HUGE + ", 'x')";
            case FUTURE -> "plan = 'of-a-release-to-come'";
            case ODD -> "daily = 0";
        };
        run("UPDATE directory.tenant SET " + change + ", version = " + VERSION + " WHERE slug = ?", slug);
    }

    public void healTenant(String slug) throws SQLException {
        bump();
        run(
                "UPDATE directory.tenant SET pools = '{}', plan = 'growth', daily = 1000000, version = " + VERSION
                        + " WHERE slug = ?",
                slug);
    }

    public void damageRoute(String name, Damage damage) throws SQLException {
        bump();
        String change = switch (damage) {
            case DAMAGED -> "'{\"name\": 7}'::jsonb";
            case HUGE -> "jsonb_set(entry, '{service}', to_jsonb(" + HUGE + "))";
            case FUTURE -> "jsonb_set(entry, '{pools,0,targets}', '[\"quic://127.0.0.1:9\"]')";
            case ODD -> "jsonb_set(entry, '{prefixes}', '[\"\"]')";
        };
        run("UPDATE directory.route SET entry = " + change + ", version = " + VERSION + " WHERE name = ?", name);
    }

    /** Puts an event of the market into the feed. @return its sequence */
    public long event(Damage damage) throws SQLException {
        String data = switch (damage) {
            case DAMAGED -> "'{\"PropertyKey\":'";
            case HUGE -> "'{\"PropertyKey\":\"' || repeat('x', 2000000) || '\",\"OriginatingSystemName\":[]}'";
            case FUTURE -> "'{\"PropertyKey\":{\"of\":\"later\"}}'";
            case ODD -> "'null'";
        };
        return run("""
            WITH taken AS (UPDATE events.place SET sequence = sequence + 1 RETURNING sequence)
            INSERT INTO events.event (sequence, id, type, service, subject, occurred_at, data, taken_at)
            SELECT sequence, 'evt_poison_' || sequence, 'listing.price_changed', 'listings', 'poison', now(), %s, now()
            FROM taken RETURNING sequence
            """.formatted(data));
    }

    /** The event is of no interest to anyone after all. */
    public void healEvent(long sequence) throws SQLException {
        run("UPDATE events.event SET type = 'of.no.interest', data = '{}' WHERE sequence = ?", sequence);
    }

    /** Puts a row into the outbox of the listings. @return its position */
    public long outbox(Damage damage) throws SQLException {
        String events = switch (damage) {
            case DAMAGED -> "'{}'::jsonb";
            case HUGE ->
                "jsonb_build_array(jsonb_build_object('id', 'evt_huge', 'type', 't', 'service', 'listings',"
                        + " 'subject', 's', 'occurredAt', '2026-01-01T00:00:00Z', 'data', repeat('x', 5000000)))";
            case FUTURE -> "'[{\"id\":{\"v\":2}}]'::jsonb";
            case ODD ->
                "'[{\"id\":\"evt_odd\",\"type\":\"t\",\"service\":\"listings\",\"subject\":\"s\",\"occurredAt\":\"never\",\"data\":\"{}\"}]'::jsonb";
        };
        return run("""
            WITH taken AS (UPDATE listings.outbox_position SET position = position + 1 RETURNING position)
            INSERT INTO listings.outbox (position, events) SELECT position, %s FROM taken RETURNING position
            """.formatted(events));
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
