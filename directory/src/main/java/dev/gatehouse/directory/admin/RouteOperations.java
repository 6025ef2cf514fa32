package dev.gatehouse.directory.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.directory.change.Writing;
import dev.gatehouse.directory.route.RouteChanges;
import dev.gatehouse.directory.store.DirectoryStore;
import dev.gatehouse.kernel.directory.PoolEntry;
import dev.gatehouse.kernel.directory.RouteDeclaration;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.api.ApiRouter.Handler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The operations on routes. */
final class RouteOperations {
    private final DirectoryStore store;

    RouteOperations(DirectoryStore store) {
        this.store = store;
    }

    void add(Map<String, Handler> handlers, AdminDesk desk) {
        handlers.put(
                "listRoutes",
                desk.reading(call ->
                        Paging.whole(store.asSystem(session -> session.routes().all()))));
        handlers.put("putRoute", desk.changing(RouteOperations::put));
        handlers.put("deleteRoute", desk.changing(RouteOperations::delete));
    }

    private static Answer put(ApiCall call, Writing writing) {
        return Answer.ok(new RouteChanges(writing).put(declaration(call)));
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
