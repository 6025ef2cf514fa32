package dev.gatehouse.bench.webhooks;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A tenant's server in a process of its own, so that its CPU time is not counted as ours: {@code /slow…} answers after 14 s,
 * other paths at once. {@code GET /stats/…} says how many came to a path and how long after their event, and forgets them.
 */
public final class ReceiverProcess {
    /** Begins the line that says where it listens. */
    static final String PORT = "PORT ";

    private static final long SLOW_MILLIS = 14_000;

    private static final class Path {
        private final List<Long> micros = new ArrayList<>();
        private long firstNanos;
        private long lastNanos;
    }

    private final Vertx vertx = Vertx.vertx();
    private final InstantSource clock = InstantSource.system();
    private final Map<String, Path> paths = new HashMap<>();

    private ReceiverProcess() {}

    public static void main(String[] args) throws IOException {
        System.setProperty("logback.configurationFile", "dev/gatehouse/bench/measured-logback.xml");
        ReceiverProcess receiver = new ReceiverProcess();
        int port = receiver.vertx
                .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
                .requestHandler(receiver::receive)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
        System.out.println(PORT + port);
        try {
            // the pipe is closed when the measuring process ends, however it does
            int unused = System.in.read();
        } finally {
            System.exit(0);
        }
    }

    private void receive(HttpServerRequest request) {
        String path = String.valueOf(request.path());
        if (path.startsWith("/stats/")) {
            request.response().end(stats(path.substring("/stats".length())));
            return;
        }
        request.body().onSuccess(body -> {
            count(path, body);
            if (path.startsWith("/slow")) {
                vertx.setTimer(
                        SLOW_MILLIS,
                        timer -> request.response().setStatusCode(204).end());
            } else {
                request.response().setStatusCode(204).end();
            }
        });
    }

    private synchronized void count(String path, Buffer body) {
        Path counted = paths.computeIfAbsent(path, p -> new Path());
        long now = System.nanoTime();
        if (counted.micros.isEmpty()) {
            counted.firstNanos = now;
        }
        counted.lastNanos = now;
        String text = body.toString();
        int at = text.indexOf("\"timestamp\":\"") + "\"timestamp\":\"".length();
        Instant occurred = Instant.parse(text.substring(at, text.indexOf('"', at)));
        counted.micros.add(Duration.between(occurred, clock.instant()).toNanos() / 1_000);
    }

    private synchronized String stats(String path) {
        Path counted = paths.remove(path);
        if (counted == null) {
            counted = new Path();
        }
        List<Long> micros = counted.micros;
        Collections.sort(micros);
        return new JsonObject()
                .put("count", micros.size())
                .put("seconds", (counted.lastNanos - counted.firstNanos) / 1e9)
                .put("p50", percentile(micros, 50))
                .put("p99", percentile(micros, 99))
                .put("most", percentile(micros, 100))
                .encode();
    }

    /** In milliseconds. */
    private static double percentile(List<Long> sorted, int percent) {
        return sorted.isEmpty() ? 0 : sorted.get((sorted.size() - 1) * percent / 100) / 1_000.0;
    }
}
