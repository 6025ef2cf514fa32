package dev.gatehouse.runtime.http;

import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.identity.IdentitySeal;
import dev.gatehouse.kernel.identity.InternalHeaders;
import dev.gatehouse.kernel.identity.SealedCall;
import dev.gatehouse.kernel.problem.Problem;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.scope.RequestScope;
import dev.gatehouse.runtime.sql.Database;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Scope;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP server whose endpoints are written in direct style. Each request runs on a virtual thread of its own, since a
 * Vert.x virtual-thread context runs one task at a time; its response is completed on the request's context.
 */
public final class WebServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);

    /**
     * @param name in log lines, as in {@code listings}
     * @param port 0 for any free one
     * @param maxBody bytes that a body may have when it is read whole
     * @param drain how long {@link #close()} waits for requests in flight
     * @param hosts that it answers to; null for any
     * @param door in front of all that it serves
     */
    public record Options(
            String name,
            String host,
            int port,
            int maxBody,
            Duration drain,
            @Nullable OwnHosts hosts,
            Door door) {
        /** One that answers to any host, and lets everyone in. */
        public Options(String name, String host, int port, int maxBody, Duration drain) {
            this(name, host, port, maxBody, drain, null, Door.OPEN);
        }

        public static Options loopback(String name) {
            return new Options(name, "127.0.0.1", 0, 1 << 20, Duration.ofSeconds(10));
        }

        public Options onPort(int chosen) {
            return new Options(name, host, chosen, maxBody, drain, hosts, door);
        }

        public Options withMaxBody(int bytes) {
            return new Options(name, host, port, bytes, drain, hosts, door);
        }

        /** Answers to these hosts only: to any other with 421. */
        public Options answeringTo(OwnHosts chosen) {
            return new Options(name, host, port, maxBody, drain, chosen, door);
        }

        public Options behind(Door chosen) {
            return new Options(name, host, port, maxBody, drain, hosts, chosen);
        }
    }

    /** For each SQL statement of a call that came through a gateway. */
    private static final Duration STATEMENT_LIMIT = Duration.ofSeconds(10);

    private static final long LINGER_MILLIS = 500;

    private final Options options;
    private final Endpoint endpoint;
    private final @Nullable CallerGuard guard;
    private final InstantSource clock;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger inFlight = new AtomicInteger();

    private WebServer(
            Vertx vertx, Options options, Endpoint endpoint, @Nullable CallerGuard guard, InstantSource clock) {
        this.options = options;
        this.endpoint = endpoint;
        this.guard = guard;
        this.clock = clock;
        this.server = vertx.createHttpServer(new HttpServerOptions()
                .setHost(options.host())
                .setPort(options.port())
                .setMaxInitialLineLength(16 * 1024)
                .setMaxHeaderSize(32 * 1024)
                .setIdleTimeout(120)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setReuseAddress(true));
    }

    /**
     * Starts a server and returns once it listens.
     *
     * @param guard opens sealed identities; null for a server that gateways do not front
     * @throws IOException when the port is taken
     */
    public static WebServer start(
            Vertx vertx, Options options, Endpoint endpoint, @Nullable CallerGuard guard, InstantSource clock)
            throws IOException {
        WebServer web = new WebServer(vertx, options, endpoint, guard, clock);
        web.server.requestHandler(web::accept);
        try {
            web.server.listen().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(
                    "cannot listen on " + options.host() + ":" + options.port() + " for " + options.name() + ": "
                            + cause.getMessage(),
                    cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting " + options.name(), e);
        }
        return web;
    }

    public int port() {
        return server.actualPort();
    }

    public URI uri() {
        return BoundAddress.url("http", options.host(), port());
    }

    private void accept(HttpServerRequest raw) {
        Context context = Objects.requireNonNull(Vertx.currentContext());
        RequestBody body = RequestBody.of(raw, context);
        inFlight.incrementAndGet();
        threads.execute(() -> {
            try {
                String id = requestId(raw);
                ScopedValue.CallableOp<Void, RuntimeException> work = () -> {
                    traced(raw, body, context, id);
                    return null;
                };
                if (guard == null) {
                    RequestScope.call(id, work);
                } else {
                    RequestScope.callLimited(id, STATEMENT_LIMIT, work);
                }
            } finally {
                context.runOnContext(v -> body.discard());
                inFlight.decrementAndGet();
            }
        });
    }

    private void traced(HttpServerRequest raw, RequestBody body, Context context, String id) {
        Span span = RequestSpans.begin(options.name(), raw, id);
        try (Scope unused = span.makeCurrent()) {
            respond(raw, body, context, id);
        } finally {
            span.end();
        }
    }

    private void respond(HttpServerRequest raw, RequestBody body, Context context, String id) {
        Response response;
        try {
            Request head = Entrance.head(raw, id);
            Entrance.requireOwnHost(raw, options.hosts());
            options.door().pass(head);
            response = endpoint.handle(read(raw, head, body));
        } catch (ProblemException e) {
            response = refusal(e.problem().withRequestId(id));
        } catch (Exception | Error e) {
            response = failed(raw, id, e);
        }
        RequestSpans.answered(Span.current(), response.status());
        try {
            write(raw, response, context, id);
        } catch (IOException e) {
            LOG.debug("the client of {} {} went away", raw.method(), raw.path(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            context.runOnContext(v -> breakOff(raw, id, e));
        }
    }

    private Response refusal(Problem problem) {
        Response response = Response.problem(problem);
        return problem.status() == 401 && options.door() != Door.OPEN
                ? response.with("WWW-Authenticate", options.door().challenge())
                : response;
    }

    private Response failed(HttpServerRequest raw, String id, Throwable failure) {
        if (Database.isTooSlow(failure)) {
            LOG.warn("{} {} took the database too long: {}", raw.method(), raw.path(), failure.getMessage());
            return Response.problem(Problem.of(
                            ProblemCode.QUERY_TOO_COSTLY,
                            "The database had not answered after " + STATEMENT_LIMIT.toSeconds()
                                    + " s. Ask for less: a smaller area, more filters, no total.")
                    .withRequestId(id));
        }
        if (Database.isBusy(failure)) {
            LOG.warn("{} {} found no connection to the database: {}", raw.method(), raw.path(), failure.getMessage());
            return Response.problem(Problem.of(
                                    ProblemCode.UNAVAILABLE,
                                    "All connections of " + options.name()
                                            + " to its database are in use. Try again in a second.")
                            .withRequestId(id))
                    .with("Retry-After", "1");
        }
        if (Database.isAway(failure)) {
            if (Database.isKnownAway(failure)) {
                // said once, when it went
                LOG.debug("{} {} needs the database, which is away", raw.method(), raw.path());
            } else {
                LOG.warn("{} {} needs the database, which is away: {}", raw.method(), raw.path(), failure.getMessage());
            }
            return Response.problem(Problem.of(
                                    ProblemCode.UNAVAILABLE,
                                    "The database of " + options.name() + " cannot be reached."
                                            + " Try again in some seconds.")
                            .withRequestId(id))
                    .with("Retry-After", "5");
        }
        LOG.error("{} failed on {} {}", options.name(), raw.method(), raw.path(), failure);
        return Response.problem(internal(id));
    }

    private static Problem internal(String id) {
        return Problem.of(
                        ProblemCode.INTERNAL,
                        "It is logged under the request id. Try again; if it stays, tell us the id.")
                .withRequestId(id);
    }

    /** An answer that cannot be written must not leave its client waiting. To be called on the request's context. */
    private void breakOff(HttpServerRequest raw, String id, Throwable why) {
        LOG.error("{} broke off its answer to {} {}", options.name(), raw.method(), raw.path(), why);
        HttpServerResponse out = raw.response();
        if (out.closed() || out.ended()) {
            return;
        }
        if (out.headWritten()) {
            raw.connection().close();
            return;
        }
        out.headers().clear();
        out.setChunked(false)
                .setStatusCode(ProblemCode.INTERNAL.status())
                .putHeader("Content-Type", Problem.MEDIA_TYPE)
                .end(Buffer.buffer(Json.bytes(internal(id))));
    }

    private Request read(HttpServerRequest raw, Request head, RequestBody body) {
        return new Request(
                head.method(),
                head.path(),
                Map.of(),
                UriText.query(raw.query()),
                head.headers(),
                head.remoteAddress(),
                head.id(),
                guard == null
                        ? null
                        : guard.open(
                                raw.headers().getAll(IdentitySeal.HEADER),
                                new SealedCall(raw.method().name(), raw.uri())),
                body,
                options.maxBody());
    }

    private String requestId(HttpServerRequest raw) {
        String given = raw.getHeader(InternalHeaders.REQUEST_ID);
        return given != null && PrefixedId.isWellFormed("req", given) ? given : PrefixedId.next("req", clock);
    }

    private void write(HttpServerRequest raw, Response response, Context context, String id)
            throws IOException, InterruptedException {
        HttpServerResponse out = raw.response();
        boolean head = raw.method().name().equals("HEAD");
        switch (response.body()) {
            case Response.Body.Bytes(byte[] content) ->
                context.runOnContext(v -> {
                    if (out.closed()) {
                        return;
                    }
                    try {
                        head(out, response);
                        boolean unread = leavesBody(raw);
                        if (unread) {
                            out.putHeader("Connection", "close");
                        }
                        if (head) {
                            out.putHeader("Content-Length", Integer.toString(content.length));
                        }
                        Future<Void> sent = head ? out.end() : out.end(Buffer.buffer(content));
                        if (unread) {
                            sent.onComplete(sentAll -> closeSoon(raw, context));
                        }
                    } catch (RuntimeException e) {
                        breakOff(raw, id, e);
                    }
                });
            case Response.Body.Stream(Response.Writer writer) -> {
                ResponseStream stream = new ResponseStream(out, context, () -> {
                    head(out, response);
                    if (leavesBody(raw)) {
                        out.putHeader("Connection", "close");
                        out.endHandler(v -> closeSoon(raw, context));
                    }
                    if (!head) {
                        out.setChunked(true);
                    }
                });
                if (!head) {
                    writer.writeTo(stream);
                }
                stream.close();
            }
        }
    }

    /**
     * Whether some of the request's body is not read yet: what follows on its connection is not waited for. Over HTTP/2 it is the
     * stream that ends, and other streams of the connection go on.
     */
    private static boolean leavesBody(HttpServerRequest raw) {
        if (raw.version() == HttpVersion.HTTP_2) {
            return false;
        }
        String length = raw.getHeader("Content-Length");
        boolean body = length == null ? raw.headers().contains("Transfer-Encoding") : !length.equals("0");
        return body && !raw.isEnded();
    }

    /** A client that is still sending reads its answer first, which it would lose over a reset. */
    private static void closeSoon(HttpServerRequest raw, Context context) {
        context.owner().setTimer(LINGER_MILLIS, id -> raw.connection().close());
    }

    private static void head(HttpServerResponse out, Response response) {
        out.setStatusCode(response.status());
        for (Map.Entry<String, String> header : response.headers()) {
            out.headers().add(header.getKey(), header.getValue());
        }
    }

    /** Takes no new connections, waits for requests in flight at most for the drain time, then closes. */
    @Override
    public void close() {
        Future<Void> closed = server.shutdown(options.drain().toMillis(), TimeUnit.MILLISECONDS);
        try {
            closed.toCompletionStage()
                    .toCompletableFuture()
                    .get(options.drain().toMillis() + 2_000, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("{} closed with {} requests in flight", options.name(), inFlight.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
    }
}
