package dev.gatehouse.portal.sandbox;

import dev.gatehouse.runtime.http.Request;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.http.WebServer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A gateway that answers every call with its limits, and remembers what it was asked. It may also answer with a page. */
public final class FakeGateway implements AutoCloseable {
    public final List<Request> calls = new CopyOnWriteArrayList<>();
    private final WebServer server;

    FakeGateway(Vertx vertx, InstantSource clock) throws IOException {
        server = WebServer.start(vertx, WebServer.Options.loopback("fake gateway"), this::answer, null, clock);
    }

    private Response answer(Request request) {
        calls.add(request);
        Response response = request.path().endsWith("/page")
                ? Response.html(200, "<script>alert(1)</script>")
                : Response.ok(Map.of("data", List.of(), "meta", Map.of()));
        return response.with("Set-Cookie", "stolen=yes")
                .with("X-Request-ID", request.id())
                .with("X-Response-Time", "7ms")
                .with("X-RateLimit-Limit", "1000")
                .with("X-RateLimit-Remaining", "842")
                .with("X-RateLimit-Reset", "4102444800")
                .with("X-RateLimit-BurstRemaining", "41")
                .with("RateLimit-Policy", "\"burst\";q=60;w=60, \"daily\";q=1000;w=86400");
    }

    public URI uri() {
        return server.uri();
    }

    @Override
    public void close() {
        server.close();
    }
}
