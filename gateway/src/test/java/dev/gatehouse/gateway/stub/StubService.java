package dev.gatehouse.gateway.stub;

import static java.util.Objects.requireNonNull;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A service that does what the path's last segment says: {@code echo, status?code=, cost?units=, big?bytes=, hang, break,
 * drop, slow?millis=, events}.
 */
public final class StubService implements AutoCloseable {
    private final Vertx vertx;
    private final HttpServer server;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger slowOnes = new AtomicInteger();
    private final AtomicInteger bigOnes = new AtomicInteger();
    private final AtomicInteger mostSlowOnes = new AtomicInteger();

    public StubService(Vertx vertx) {
        this.vertx = vertx;
        server = vertx.createHttpServer()
                .requestHandler(this::serve)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    public String url() {
        return "http://127.0.0.1:" + server.actualPort();
    }

    public int calls() {
        return calls.get();
    }

    /** {@code big} answers on their way. */
    public int bigOnes() {
        return bigOnes.get();
    }

    /** How many {@code slow} calls there were at once, at most. */
    public int mostSlowOnes() {
        return mostSlowOnes.get();
    }

    private void serve(HttpServerRequest request) {
        calls.incrementAndGet();
        String path = requireNonNull(request.path());
        HttpServerResponse response = request.response();
        switch (path.substring(path.lastIndexOf('/') + 1)) {
            case "status" ->
                response.setStatusCode(Integer.parseInt(request.getParam("code")))
                        .end("as told");
            case "cost" ->
                response.putHeader("Gatehouse-Cost", request.getParam("units")).end("costly");
            case "later-cost" -> {
                String units = request.getParam("units");
                vertx.setTimer(
                        1 + Long.parseLong(request.getParam("millis")),
                        id -> response.putHeader("Gatehouse-Cost", units).end("costly"));
            }
            case "big" -> {
                bigOnes.incrementAndGet();
                AtomicBoolean over = new AtomicBoolean();
                Handler<Void> end = v -> {
                    if (over.compareAndSet(false, true)) {
                        bigOnes.decrementAndGet();
                    }
                };
                response.closeHandler(end);
                response.endHandler(end);
                big(response.setChunked(true), Long.parseLong(request.getParam("bytes")));
            }
            case "hang" -> {}
            case "break" ->
                response.putHeader("Content-Length", "100000")
                        .write("half")
                        .onComplete(v ->
                                vertx.setTimer(50, id -> request.connection().close()));
            case "drop" -> request.connection().close();
            case "slow" -> slow(response, Long.parseLong(request.getParam("millis")));
            case "events" ->
                response.setChunked(true)
                        .putHeader("Content-Type", "text/event-stream; charset=utf-8")
                        .write("data: hello\n\n");
            default ->
                request.body()
                        .onSuccess(body -> response.putHeader("Content-Type", "application/json")
                                .putHeader("X-RateLimit-Limit", "forged")
                                .putHeader("Gatehouse-Inner", "secret")
                                .end(echo(request, body)));
        }
    }

    private void slow(HttpServerResponse response, long millis) {
        mostSlowOnes.accumulateAndGet(slowOnes.incrementAndGet(), Math::max);
        vertx.setTimer(millis, id -> {
            slowOnes.decrementAndGet();
            response.end("late");
        });
    }

    private static Buffer echo(HttpServerRequest request, Buffer body) {
        JsonObject headers = new JsonObject();
        request.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        return new JsonObject()
                .put("method", request.method().name())
                .put("uri", request.uri())
                .put("headers", headers)
                .put("bodyBytes", body.length())
                .toBuffer();
    }

    private static void big(HttpServerResponse response, long bytes) {
        Buffer piece = Buffer.buffer(new byte[64 * 1024]);
        write(response, piece, bytes);
    }

    private static void write(HttpServerResponse response, Buffer piece, long rest) {
        while (rest > 0 && !response.writeQueueFull()) {
            response.write(rest >= piece.length() ? piece : piece.slice(0, (int) rest));
            rest -= piece.length();
        }
        if (rest <= 0) {
            response.end();
        } else {
            long left = rest;
            response.drainHandler(v -> {
                response.drainHandler(null);
                write(response, piece, left);
            });
        }
    }

    @Override
    public void close() {
        server.close().toCompletionStage().toCompletableFuture().join();
    }
}
