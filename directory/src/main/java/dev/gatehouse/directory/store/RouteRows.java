package dev.gatehouse.directory.store;

import dev.gatehouse.kernel.directory.EntryRules;
import dev.gatehouse.kernel.directory.RouteDeclaration;
import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.kernel.directory.UnusableEntry;
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
        return Changed.read(
                        handle.createQuery("SELECT name, entry FROM route WHERE NOT removed ORDER BY name"),
                        UnusableEntry.Kind.ROUTE,
                        "name",
                        null,
                        RouteRows::entry)
                .entries();
    }

    /** Empty too when what is stored cannot be read: who declares the route again puts that right. */
    public Optional<Declared> find(String name) {
        return Changed.read(
                        handle.createQuery(
                                        "SELECT name, declaration, entry FROM route WHERE name = :name AND NOT removed")
                                .bind("name", name),
                        UnusableEntry.Kind.ROUTE,
                        "name",
                        null,
                        row -> new Declared(
                                Json.read(row.getString("declaration"), RouteDeclaration.class), entry(row)))
                .entries()
                .stream()
                .findFirst();
    }

    public Changed<RouteEntry> changedAfter(long version) {
        return Changed.read(
                handle.createQuery(
                                "SELECT name, entry FROM route WHERE version > :version AND NOT removed ORDER BY version")
                        .bind("version", version),
                UnusableEntry.Kind.ROUTE,
                "name",
                null,
                RouteRows::entry);
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
        RouteEntry entry = Json.read(row.getString("entry"), RouteEntry.class);
        EntryRules.require(entry);
        return entry;
    }
}
