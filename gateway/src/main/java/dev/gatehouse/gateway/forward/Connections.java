package dev.gatehouse.gateway.forward;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Open connections to targets on one event loop, kept and used from that loop alone: the last one given back is the first
 * one taken, so that a quiet time lets the rest go.
 */
public final class Connections {
    private static final long IDLE_NANOS = 15_000_000_000L;

    private final HttpClientAgent client;
    private final Map<Target, Deque<Idle>> idle = new HashMap<>();

    /** @param client made for this loop, without pipelining */
    public Connections(HttpClientAgent client) {
        this.client = client;
    }

    private record Idle(HttpClientConnection connection, long sinceNanos) {}

    /** An idle connection, or a new one. */
    public Future<HttpClientConnection> take(Target target, int connectTimeoutMillis) {
        HttpClientConnection reused = takeIdle(target);
        return reused != null ? Future.succeededFuture(reused) : open(target, connectTimeoutMillis);
    }

    /** An idle connection; null when there is none. */
    public @Nullable HttpClientConnection takeIdle(Target target) {
        Deque<Idle> waiting = idle.get(target);
        Idle last = waiting == null ? null : waiting.pollLast();
        return last == null ? null : last.connection;
    }

    /** A new connection. */
    public Future<HttpClientConnection> open(Target target, int connectTimeoutMillis) {
        return client.connect(target.connectOptions(connectTimeoutMillis))
                .onSuccess(connection -> connection.closeHandler(v -> forget(target, connection)));
    }

    /** Gives a connection back whose answer is complete. */
    public void release(Target target, HttpClientConnection connection, long nowNanos) {
        idle.computeIfAbsent(target, t -> new ArrayDeque<>()).addLast(new Idle(connection, nowNanos));
    }

    /** Closes what has been idle for long, and all of targets that are gone. */
    public void sweep(long nowNanos) {
        var each = idle.entrySet().iterator();
        while (each.hasNext()) {
            Deque<Idle> waiting = each.next().getValue();
            while (!waiting.isEmpty() && nowNanos - waiting.peekFirst().sinceNanos > IDLE_NANOS) {
                var unused = waiting.pollFirst().connection.close();
            }
            if (waiting.isEmpty()) {
                each.remove();
            }
        }
    }

    private void forget(Target target, HttpClientConnection connection) {
        Deque<Idle> waiting = idle.get(target);
        if (waiting != null) {
            waiting.removeIf(entry -> entry.connection == connection);
        }
    }
}
