package dev.gatehouse.gateway.stub;

import static java.util.Objects.requireNonNull;

import dev.gatehouse.kernel.directory.DirectoryPaths;
import dev.gatehouse.kernel.directory.DirectorySnapshot;
import dev.gatehouse.kernel.directory.KeyEntry;
import dev.gatehouse.kernel.directory.KeyLookup;
import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.kernel.directory.TenantEntry;
import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.kernel.key.ApiKey;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.kernel.tenant.TenantStatus;
import dev.gatehouse.runtime.json.Json;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A directory in memory that serves its snapshot over HTTP as the real one does. */
public final class StubDirectory implements AutoCloseable {
    private final InternalSecrets secrets;
    private final HttpServer server;
    private final Map<TenantId, TenantEntry> tenants = new LinkedHashMap<>();
    private final Map<String, KeyEntry> keys = new LinkedHashMap<>();
    private final Map<String, RouteEntry> routes = new LinkedHashMap<>();
    private final Map<String, Long> removed = new LinkedHashMap<>();
    private final AtomicInteger lookups = new AtomicInteger();
    private final List<Raw> raw = new ArrayList<>();
    private long version = 1;
    private volatile boolean silent;
    private volatile boolean hanging;

    public StubDirectory(Vertx vertx, InternalSecrets secrets) {
        this.secrets = secrets;
        server = vertx.createHttpServer()
                .requestHandler(this::serve)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.actualPort());
    }

    /** Stops telling changes; lookups go on. */
    public void silent(boolean now) {
        silent = now;
    }

    /** Answers nothing at all. */
    public void hanging(boolean now) {
        hanging = now;
    }

    public boolean isSilent() {
        return silent;
    }

    public int lookups() {
        return lookups.get();
    }

    public synchronized TenantId tenant(String slug, Limits limits) {
        TenantId id = TenantId.next(InstantSource.system());
        tenants.put(
                id,
                new TenantEntry(
                        id,
                        slug,
                        slug,
                        TenantStatus.ACTIVE,
                        "growth",
                        limits,
                        null,
                        1,
                        100,
                        100,
                        Map.of(),
                        Set.of("*"),
                        false,
                        ++version));
        return id;
    }

    /** A tenant whose plan has these bounds of concurrency. */
    public TenantId tenant(String slug, Limits limits, int weight, int maxConcurrent, int maxQueued) {
        TenantId id = tenant(slug, limits);
        changeTenant(
                id,
                t -> new TenantEntry(
                        t.id(),
                        t.slug(),
                        t.name(),
                        t.status(),
                        t.plan(),
                        t.planLimits(),
                        t.override(),
                        weight,
                        maxConcurrent,
                        maxQueued,
                        t.pools(),
                        t.fields(),
                        t.spendCapped(),
                        t.version()));
        return id;
    }

    public synchronized void changeTenant(TenantId id, UnaryOperator<TenantEntry> change) {
        version++;
        TenantEntry changed = change.apply(requireNonNull(tenants.get(id)));
        tenants.put(
                id,
                new TenantEntry(
                        changed.id(),
                        changed.slug(),
                        changed.name(),
                        changed.status(),
                        changed.plan(),
                        changed.planLimits(),
                        changed.override(),
                        changed.weight(),
                        changed.maxConcurrent(),
                        changed.maxQueued(),
                        changed.pools(),
                        changed.fields(),
                        changed.spendCapped(),
                        version));
    }

    public String key(TenantId tenant) {
        return key(tenant, entry -> entry);
    }

    /** A new key, changed from one with all scopes. */
    public synchronized String key(TenantId tenant, UnaryOperator<KeyEntry> change) {
        String text = ApiKey.generate(KeyMode.LIVE);
        KeyEntry entry = change.apply(new KeyEntry(
                KeyId.next(InstantSource.system()),
                tenant,
                ApiKey.hashHex(text),
                ApiKey.displayPrefix(text),
                KeyMode.LIVE,
                Set.of("*"),
                null,
                null,
                List.of(),
                null,
                ++version));
        keys.put(entry.hash(), entry);
        return text;
    }

    public synchronized void changeKey(String text, UnaryOperator<KeyEntry> change) {
        version++;
        KeyEntry changed = change.apply(requireNonNull(keys.get(ApiKey.hashHex(text))));
        keys.put(
                changed.hash(),
                new KeyEntry(
                        changed.id(),
                        changed.tenant(),
                        changed.hash(),
                        changed.prefix(),
                        changed.mode(),
                        changed.scopes(),
                        changed.expiresAt(),
                        changed.revokedAt(),
                        changed.allowedAddresses(),
                        changed.quotaPercent(),
                        version));
    }

    public synchronized void route(RouteEntry entry) {
        version++;
        routes.put(entry.name(), entry.with(version, entry.callerKey()));
    }

    public synchronized void removeRoute(String name) {
        routes.remove(name);
        removed.put(name, ++version);
    }

    /**
     * From the next version on each whole snapshot, and the next change, holds this entry too, whatever it is.
     *
     * @param list {@code tenants}, {@code keys} or {@code routes}
     */
    public synchronized void raw(String list, String entry) {
        raw.add(new Raw(list, entry, ++version));
    }

    public synchronized KeyEntry keyEntry(String text) {
        return requireNonNull(keys.get(ApiKey.hashHex(text)));
    }

    public synchronized TenantEntry tenantEntry(TenantId id) {
        return requireNonNull(tenants.get(id));
    }

    /** The key was never there. */
    public synchronized void forget(String text) {
        keys.remove(ApiKey.hashHex(text));
    }

    /** No raw entry is there any more; a newer version of what they were about is the healed one. */
    public synchronized void noRaw() {
        raw.clear();
    }

    private record Raw(String list, String entry, long version) {}

    public synchronized long version() {
        return version;
    }

    private void serve(HttpServerRequest request) {
        String path = requireNonNull(request.path());
        if (hanging) {
            return;
        }
        if (!secrets.processToken().equals(request.getHeader(InternalSecrets.PROCESS_HEADER))) {
            request.response().setStatusCode(401).end();
        } else if (path.equals(DirectoryPaths.CHANGES)) {
            changes(request, Long.parseLong(request.getParam("after")));
        } else if (path.startsWith(DirectoryPaths.KEYS)) {
            lookups.incrementAndGet();
            lookup(request, path.substring(DirectoryPaths.KEYS.length() + 1));
        } else {
            request.response().setStatusCode(404).end();
        }
    }

    private synchronized void changes(HttpServerRequest request, long after) {
        if (after == version || silent && after > 0) {
            request.response().setStatusCode(204).end();
            return;
        }
        List<String> gone = new ArrayList<>();
        removed.forEach((name, at) -> {
            if (at > after && after > 0) {
                gone.add(name);
            }
        });
        DirectorySnapshot snapshot = new DirectorySnapshot(
                after,
                version,
                tenants.values().stream().filter(t -> t.version() > after).toList(),
                keys.values().stream().filter(k -> k.version() > after).toList(),
                routes.values().stream().filter(r -> r.version() > after).toList(),
                gone);
        String json = Json.text(snapshot);
        for (Raw entry : raw) {
            if (entry.version > after) {
                String before = "\"" + entry.list + "\":[";
                boolean only = json.contains(before + "]");
                json = json.replace(before, before + entry.entry + (only ? "" : ","));
            }
        }
        request.response().end(Buffer.buffer(json));
    }

    private synchronized void lookup(HttpServerRequest request, String hash) {
        KeyEntry key = keys.get(hash);
        if (key == null) {
            request.response().setStatusCode(404).end();
        } else {
            KeyLookup found = new KeyLookup(key, requireNonNull(tenants.get(key.tenant())));
            request.response().end(Buffer.buffer(Json.bytes(found)));
        }
    }

    @Override
    public void close() {
        server.close().toCompletionStage().toCompletableFuture().join();
    }
}
