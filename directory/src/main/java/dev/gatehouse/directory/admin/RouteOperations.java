package dev.gatehouse.directory.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.directory.change.Refusals;
import dev.gatehouse.directory.change.Writing;
import dev.gatehouse.directory.route.RouteChanges;
import dev.gatehouse.directory.store.DirectoryStore;
import dev.gatehouse.directory.store.RouteRows.Declared;
import dev.gatehouse.kernel.directory.PoolEntry;
import dev.gatehouse.kernel.directory.RouteDeclaration;
import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.kernel.directory.RouteKind;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.api.ApiRouter.Handler;
import dev.gatehouse.runtime.http.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The operations on routes. */
final class RouteOperations {
    private final DirectoryStore store;
    private final InternalSecrets secrets;

    RouteOperations(DirectoryStore store, InternalSecrets secrets) {
        this.store = store;
        this.secrets = secrets;
    }

    /**
     * What an operator's own service checks its callers with.
     *
     * @param keyId as tokens name it in their header's {@code kid}
     */
    private record RouteSecret(String route, String keyId, String secret) {
        @Override
        public String toString() {
            return "RouteSecret[" + route + " " + keyId + "]";
        }
    }

    void add(Map<String, Handler> handlers, AdminDesk desk) {
        handlers.put(
                "listRoutes",
                desk.reading(call ->
                        Paging.whole(store.asSystem(session -> session.routes().all()))));
        handlers.put("readRouteSecret", desk.reading(this::secret));
        handlers.put("putRoute", desk.changing(RouteOperations::put));
        handlers.put("deleteRoute", desk.changing(RouteOperations::delete));
    }

    private static Answer put(ApiCall call, Writing writing) {
        RouteDeclaration declaration = declaration(call);
        return Answer.ok(new RouteChanges(writing).put(declaration, kind(call, declaration.service())));
    }

    /** The name of a built-in service opens that service to its callers' identities, so it is never taken by accident. */
    private static RouteKind kind(ApiCall call, String service) {
        boolean builtIn = Fields.of(call.body()).text("kind", "own").equals("built-in");
        boolean named = RouteKind.BUILT_IN_SERVICES.contains(service);
        if (named && !builtIn) {
            throw Refusals.refused(
                    "service",
                    "is " + service + ", one of the installation's own services. Choose another name, or set kind to"
                            + " built-in if every target is a process of this installation that serves " + service);
        }
        if (builtIn && !named) {
            throw Refusals.refused(
                    "kind", "is built-in, but " + service + " is not one of the installation's services");
        }
        return builtIn ? RouteKind.BUILT_IN : RouteKind.OWN;
    }

    private Response secret(ApiCall call) {
        String name = call.text("route").orElse("");
        RouteEntry route = store.asSystem(session -> session.routes().find(name))
                .map(Declared::entry)
                .orElseThrow(() -> Refusals.notFound("route", name));
        if (route.isInternal()) {
            throw Refusals.conflict("route", "leads to one of the installation's own services, which need no secret");
        }
        String keyId = route.secretId();
        return Response.ok(new RouteSecret(name, keyId, secrets.routeSecret(name, keyId)));
    }

    private static Answer delete(ApiCall call, Writing writing) {
        new RouteChanges(writing).remove(call.text("route").orElse(""));
        return Answer.gone();
    }

    private static RouteDeclaration declaration(ApiCall call) {
        Fields body = Fields.of(call.body());
        String name = call.text("route").orElse("");
        String service = body.text("service", name);
        List<PoolEntry> pools = new ArrayList<>();
        for (JsonNode pool : body.body().path("pools")) {
            Fields fields = Fields.of(pool);
            pools.add(new PoolEntry(
                    fields.text("name", "default"),
                    fields.texts("targets"),
                    fields.text("healthPath"),
                    fields.whole("maxConcurrent", 0)));
        }
        return new RouteDeclaration(
                name,
                service,
                body.texts("prefixes"),
                body.text("description"),
                pools,
                body.has("scope") ? body.text("scope") : service,
                body.whole("defaultCost", 1),
                body.body().path("stripPrefix").asBoolean(),
                body.whole("connectTimeoutMillis", 1_000),
                body.whole("responseTimeoutMillis", 30_000));
    }
}
