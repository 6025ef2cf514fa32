package dev.gatehouse.directory.store;

import dev.gatehouse.kernel.directory.RouteDeclaration;
import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.runtime.json.Json;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table of routes. A removed one stays as a row, so that gateways learn of it. */
public final class RouteRows {

    /** A route with what it was compiled from. */
    public record Declared(RouteDeclaration declaration, RouteEntry entry) {}

    private final Handle handle;

    RouteRows(Handle handle) {
        this.handle = handle;
    }

    /** Those that were not removed, by name. */
    public List<RouteEntry> all() {
        return handle.createQuery("SELECT entry FROM route WHERE NOT removed ORDER BY name")
                .map((row, context) -> entry(row))
                .list();
    }

    public Optional<Declared> find(String name) {
        return handle.createQuery("SELECT declaration, entry FROM route WHERE name = :name AND NOT removed")
                .bind("name", name)
                .map((row, context) ->
                        new Declared(Json.read(row.getString("declaration"), RouteDeclaration.class), entry(row)))
                .findOne();
    }

    public List<RouteEntry> changedAfter(long version) {
        return handle.createQuery("SELECT entry FROM route WHERE version > :version AND NOT removed ORDER BY version")
                .bind("version", version)
                .map((row, context) -> entry(row))
                .list();
    }

    public List<String> removedAfter(long version) {
        return handle.createQuery("SELECT name FROM route WHERE version > :version AND removed ORDER BY version")
                .bind("version", version)
                .mapTo(String.class)
                .list();
    }

    public void put(Declared route) {
        handle.createUpdate("""
                        INSERT INTO route (name, declaration, entry, version)
                        VALUES (:name, :declaration::jsonb, :entry::jsonb, :version)
                        ON CONFLICT (name) DO UPDATE SET declaration = excluded.declaration, entry = excluded.entry,
                                                         removed = false, version = excluded.version
                        """)
                .bind("name", route.entry().name())
                .bind("declaration", Json.text(route.declaration()))
                .bind("entry", Json.text(route.entry()))
                .bind("version", route.entry().version())
                .execute();
    }

    public void remove(String name, long version) {
        handle.createUpdate("UPDATE route SET removed = true, version = :version WHERE name = :name")
                .bind("name", name)
                .bind("version", version)
                .execute();
    }

    private static RouteEntry entry(ResultSet row) throws SQLException {
        return Json.read(row.getString("entry"), RouteEntry.class);
    }
}
