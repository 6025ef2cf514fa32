package dev.gatehouse.bench.webhooks;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;

/** Keeps what each path got, and answers as its path says. */
final class CountingReceiver implements AutoCloseable {
    /** @param acknowledged how often it was answered 2xx */
    record Got(AtomicInteger times, AtomicInteger acknowledged) {}

    private final HttpServer server;
    /** By path, then by {@code webhook-id}. */
    final Map<String, Map<String, Got>> got = new ConcurrentHashMap<>();
    /** {@code webhook-id}s by the event that the payload names. */
    final Map<String, Set<String>> idsByEvent = new ConcurrentHashMap<>();

    /** @param status by path; given how many requests came before this one */
    CountingReceiver(Vertx vertx, Map<String, IntUnaryOperator> status) {
        Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();
        server = vertx.createHttpServer(
                new HttpServerOptions().setHost("127.0.0.1").setPort(0));
        server.requestHandler(request -> request.body().onSuccess(body -> {
            int before = counts.computeIfAbsent(request.path(), path -> new AtomicInteger())
                    .getAndIncrement();
            int answer = status.getOrDefault(request.path(), n -> 404).applyAsInt(before);
            keep(request, body, answer);
            request.response().setStatusCode(answer).end();
        }));
        server.listen().toCompletionStage().toCompletableFuture().join();
    }

    private void keep(HttpServerRequest request, Buffer body, int answer) {
        String id = String.valueOf(request.getHeader("webhook-id"));
        Got one = got.computeIfAbsent(request.path(), path -> new ConcurrentHashMap<>())
                .computeIfAbsent(id, i -> new Got(new AtomicInteger(), new AtomicInteger()));
        one.times().incrementAndGet();
        if (answer < 300) {
            one.acknowledged().incrementAndGet();
        }
        idsByEvent
                .computeIfAbsent(body.toJsonObject().getString("eventId"), event -> ConcurrentHashMap.newKeySet())
                .add(id);
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.actualPort() + path);
    }

    @Override
    public void close() {
        server.close();
    }
}
