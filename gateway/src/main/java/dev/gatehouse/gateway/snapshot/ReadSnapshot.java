package dev.gatehouse.gateway.snapshot;

import dev.gatehouse.kernel.directory.DirectorySnapshot;
import dev.gatehouse.kernel.directory.EntryRules;
import dev.gatehouse.kernel.directory.KeyEntry;
import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.kernel.directory.TenantEntry;
import dev.gatehouse.kernel.directory.UnusableEntry;
import dev.gatehouse.kernel.directory.UnusableEntry.Kind;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.json.JsonPieces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A snapshot, entry by entry: those that can be served by, and those that cannot. One entry that is damaged, too large, or of
 * a release to come never takes another with it.
 */
record ReadSnapshot(
        long after,
        long version,
        List<TenantEntry> tenants,
        List<KeyEntry> keys,
        List<RouteEntry> routes,
        List<String> removedRoutes,
        List<Damaged> damaged) {

    boolean isWhole() {
        return after == 0;
    }

    /** @throws IOException when not even the entries can be told from one another, or there is no version */
    static ReadSnapshot of(byte[] json) throws IOException {
        DirectorySnapshot snapshot;
        try {
            snapshot = Json.read(json, DirectorySnapshot.class);
        } catch (UncheckedIOException e) {
            return inPieces(json);
        }
        return of(snapshot);
    }

    /** A snapshot whose entries could all be read; whether they can be served by is another matter. */
    static ReadSnapshot of(DirectorySnapshot snapshot) {
        List<Damaged> damaged = new ArrayList<>();
        List<TenantEntry> tenants = usable(snapshot.tenants(), Kind.TENANT, EntryRules::require, damaged);
        List<KeyEntry> keys = usable(snapshot.keys(), Kind.KEY, EntryRules::require, damaged);
        List<RouteEntry> routes = usable(snapshot.routes(), Kind.ROUTE, EntryRules::require, damaged);
        snapshot.unusable().forEach(entry -> damaged.add(damaged(entry)));
        return new ReadSnapshot(
                snapshot.after(), snapshot.version(), tenants, keys, routes, snapshot.removedRoutes(), damaged);
    }

    private static <T> List<T> usable(List<T> entries, Kind kind, Consumer<T> rules, List<Damaged> damaged) {
        List<T> usable = new ArrayList<>(entries.size());
        for (T entry : entries) {
            try {
                rules.accept(entry);
                usable.add(entry);
            } catch (RuntimeException e) {
                damaged.add(Damaged.of(kind, Json.bytes(entry), Damaged.reason(e)));
            }
        }
        return usable;
    }

    private static Damaged damaged(UnusableEntry entry) {
        String hash = entry.hash();
        return new Damaged(
                entry.kind(),
                entry.id(),
                hash != null && EntryRules.isHash(hash) ? Digest.ofHex(hash) : null,
                "the directory cannot read it: " + entry.reason(),
                null);
    }

    private static ReadSnapshot inPieces(byte[] json) throws IOException {
        Map<String, byte[]> parts = JsonPieces.ofObject(json);
        List<Damaged> damaged = new ArrayList<>();
        List<TenantEntry> tenants =
                entries(parts, "tenants", Kind.TENANT, TenantEntry.class, EntryRules::require, damaged);
        List<KeyEntry> keys = entries(parts, "keys", Kind.KEY, KeyEntry.class, EntryRules::require, damaged);
        List<RouteEntry> routes = entries(parts, "routes", Kind.ROUTE, RouteEntry.class, EntryRules::require, damaged);
        List<String> removed = new ArrayList<>();
        for (byte[] name : list(parts, "removedRoutes")) {
            read(name, String.class, removed);
        }
        List<UnusableEntry> unusable = new ArrayList<>();
        for (byte[] entry : list(parts, "unusable")) {
            read(entry, UnusableEntry.class, unusable);
        }
        unusable.forEach(entry -> damaged.add(damaged(entry)));
        return new ReadSnapshot(
                number(parts, "after"), number(parts, "version"), tenants, keys, routes, removed, damaged);
    }

    private static <T> void read(byte[] piece, Class<T> type, List<T> into) {
        try {
            into.add(Json.read(piece, type));
        } catch (UncheckedIOException | NullPointerException e) {
            // it says nothing that could be acted upon
        }
    }

    private static List<byte[]> list(Map<String, byte[]> parts, String name) throws IOException {
        byte[] list = parts.get(name);
        return list == null ? List.of() : JsonPieces.ofList(list);
    }

    private static <T> List<T> entries(
            Map<String, byte[]> parts, String name, Kind kind, Class<T> type, Consumer<T> rules, List<Damaged> damaged)
            throws IOException {
        List<T> usable = new ArrayList<>();
        for (byte[] piece : list(parts, name)) {
            entry(piece, kind, type, rules, usable, damaged);
        }
        return usable;
    }

    /** Reads one entry: to the usable, or to the damaged. */
    static <T> void entry(
            byte[] piece, Kind kind, Class<T> type, Consumer<T> rules, List<T> usable, List<Damaged> damaged) {
        try {
            T entry = Json.read(piece, type);
            if (entry == null) {
                throw new IllegalArgumentException("it is null");
            }
            rules.accept(entry);
            usable.add(entry);
        } catch (RuntimeException e) {
            damaged.add(Damaged.of(kind, piece, Damaged.reason(e)));
        }
    }

    private static long number(Map<String, byte[]> parts, String name) throws IOException {
        byte[] text = parts.get(name);
        try {
            return Json.read(text == null ? new byte[0] : text, Long.class);
        } catch (UncheckedIOException | NullPointerException e) {
            throw new IOException("the snapshot has no " + name, e);
        }
    }
}
