package dev.gatehouse.gateway.edge;

import dev.gatehouse.gateway.GatewaySettings;
import dev.gatehouse.gateway.forward.Attempt;
import dev.gatehouse.gateway.forward.Fault;
import dev.gatehouse.gateway.forward.PassedHeaders;
import dev.gatehouse.gateway.forward.Pool;
import dev.gatehouse.gateway.forward.Target;
import dev.gatehouse.gateway.route.Operation;
import dev.gatehouse.gateway.standing.Standing;
import dev.gatehouse.gateway.turn.Passage;
import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.kernel.identity.InternalHeaders;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.usage.Completion;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The way of an admitted call to its service and of the answer back, both as streams with backpressure. It begins when it is
 * the call's turn.
 */
final class Relay implements Passage.Traveller {
    private static final Set<HttpMethod> IDEMPOTENT =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.PUT, HttpMethod.DELETE);
    /** Of these a server awaits a body, so that its absence is said (RFC 9110, 8.6). */
    private static final Set<HttpMethod> TAKES_BODY = Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH);

    private static final long SHORT_BODY = 16 * 1024;
    private static final int MAX_ATTEMPTS = 3;

    /** What has come of the request behind its head. Its framing is written from this alone. */
    private enum RequestBody {
        NOT_KNOWN,
        NONE,
        SOME
    }

    private static final long SILENCE_NANOS = 300_000_000_000L;

    private final Exchange exchange;
    private final GatewayLoop loop;
    private final Call call;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Standing standing;
    private final RouteEntry route;
    private final Operation operation;
    private final Pool pool;
    private final Passage passage;
    private final ClientPace pace;
    private final GatewaySettings.Caps caps;
    private @Nullable Attempt trying;
    private @Nullable HttpClientConnection connection;
    private @Nullable HttpClientRequest asked;
    private int attempt;
    private RequestBody body = RequestBody.NOT_KNOWN;
    private boolean bodyTouched;
    private boolean requestEnded;
    private boolean answered;
    private boolean ended;
    private boolean done;
    private long sentNanos;
    private long deadlineNanos = Long.MAX_VALUE;
    private long contentLength = -1;

    Relay(Exchange exchange, Operation operation, Standing standing) {
        this.exchange = exchange;
        this.standing = standing;
        loop = exchange.loop();
        call = exchange.call();
        request = exchange.request();
        response = exchange.response();
        this.operation = operation;
        caps = loop.settings().edge().caps();
        pace = new ClientPace(caps);
        route = operation.route().entry();
        pool = operation.route().poolOf(standing.tenant());
        passage = new Passage(standing.places(), standing.tenant(), pool.turnstile(), this);
    }

    void start() {
        switch (passage.enter(System.nanoTime(), caps.longestWait().toNanos())) {
            case IN -> attempt(null);
            case WAIT -> {}
            case FULL -> noTurn(Limits429.full(standing.tenant()));
        }
    }

    @Override
    public void goOn() {
        if (!done) {
            attempt(null);
        }
    }

    @Override
    public Executor loop() {
        return loop.later();
    }

    private void noTurn(String why) {
        done = true;
        exchange.takeBack(ProblemCode.CONCURRENCY_EXCEEDED, why + Limits429.SEND_FEWER);
    }

    /** The call has been answered, one way or another. */
    void over() {
        passage.leave();
    }

    private void attempt(@Nullable Target not) {
        long now = System.nanoTime();
        Attempt begun = pool.begin(standing.tenant().id(), operation.id(), call.path, now, not);
        if (begun == null) {
            done = true;
            exchange.fail(
                    ProblemCode.UPSTREAM_UNAVAILABLE,
                    "The pool " + pool.name()
                            + " is failing, for this call's path or in all. Try again in some seconds.");
            return;
        }
        int current = ++attempt;
        trying = begun;
        Target picked = begun.target();
        // room for the connection, each attempt and its answer
        deadlineNanos = now + (route.connectTimeoutMillis() + route.responseTimeoutMillis()) * 1_000_000L;
        HttpClientConnection idle = loop.connections().takeIdle(picked);
        if (idle != null) {
            ask(idle, current, true);
            return;
        }
        loop.connections().open(picked, route.connectTimeoutMillis()).onComplete(opened -> {
            if (current != attempt || done) {
                if (opened.succeeded()) {
                    loop.connections().release(picked, opened.result(), System.nanoTime());
                }
            } else if (opened.succeeded()) {
                ask(opened.result(), current, false);
            } else {
                connectFailed(opened.cause());
            }
        });
    }

    private void ask(HttpClientConnection open, int current, boolean reused) {
        connection = open;
        open.request(new RequestOptions()
                        .setMethod(request.method())
                        .setURI(ServiceHead.uri(exchange, route, target())))
                .onComplete(made -> {
                    if (current != attempt || done) {
                        return;
                    }
                    if (made.succeeded()) {
                        send(made.result(), current, reused);
                    } else {
                        brokeBeforeHead(current, made.cause(), reused);
                    }
                });
    }

    private void send(HttpClientRequest out, int current, boolean reused) {
        asked = out;
        sentNanos = System.nanoTime();
        ServiceHead.write(out, exchange, standing, route);
        out.exceptionHandler(e -> brokeBeforeHead(current, e, reused));
        out.response().onComplete(answer -> {
            if (answer.succeeded()) {
                head(answer.result(), current);
            } else {
                brokeBeforeHead(current, answer.cause(), reused);
            }
        });
        if (body == RequestBody.NONE || (body == RequestBody.NOT_KNOWN && !exchange.mayHaveBody())) {
            endWithoutBody(out);
        } else {
            sendBody(out, current);
        }
    }

    /** Nothing follows the head, whatever length it names. */
    private void endWithoutBody(HttpClientRequest out) {
        body = RequestBody.NONE;
        if (exchange.contentLength() > 0) {
            bodyIsOtherThanDeclared();
            return;
        }
        if (TAKES_BODY.contains(request.method())) {
            out.putHeader(HttpHeaders.CONTENT_LENGTH, "0");
        }
        requestEnded = true;
        var unused = out.end();
    }

    /** An HTTP/2 stream whose data is not as long as its head says (RFC 9113, 8.1.1): nothing more of it goes on. */
    private void bodyIsOtherThanDeclared() {
        abort();
        exchange.fail(ProblemCode.MALFORMED_REQUEST, "The body is not as long as Content-Length says.");
    }

    /**
     * Over HTTP/2 only what comes next tells whether there is a body; the head goes out with its first piece or with the end of
     * the stream.
     */
    private void sendBody(HttpClientRequest out, int current) {
        long declared = exchange.declaredLength();
        long limit = loop.settings().edge().maxBodyBytes();
        request.handler(chunk -> {
            if (current != attempt || done || requestEnded) {
                return;
            }
            if (body == RequestBody.NOT_KNOWN) {
                if (chunk.length() == 0) {
                    return;
                }
                body = RequestBody.SOME;
                bodyTouched = true;
                if (declared >= 0) {
                    out.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(declared));
                } else {
                    out.setChunked(true);
                }
            }
            long now = System.nanoTime();
            pace.bodyCame(chunk.length(), now);
            if (pace.received() > limit) {
                abort();
                exchange.fail(ProblemCode.TOO_LARGE, exchange.tooLarge());
                return;
            }
            if (declared >= 0 && pace.received() > declared) {
                bodyIsOtherThanDeclared();
                return;
            }
            var unused = out.write(chunk);
            if (out.writeQueueFull()) {
                request.pause();
                pace.bodyHeld(now);
                deadlineNanos = now + route.responseTimeoutMillis() * 1_000_000L;
                out.drainHandler(v -> {
                    pace.awaitBody(System.nanoTime());
                    request.resume();
                });
            }
        });
        request.endHandler(v -> {
            if (current != attempt || done || requestEnded) {
                return;
            }
            pace.bodyHeld(System.nanoTime());
            passage.takePlaceBack();
            deadlineNanos = System.nanoTime() + route.responseTimeoutMillis() * 1_000_000L;
            if (body == RequestBody.NOT_KNOWN) {
                endWithoutBody(out);
            } else if (declared >= 0 && pace.received() != declared) {
                bodyIsOtherThanDeclared();
            } else {
                requestEnded = true;
                var unused = out.end();
            }
        });
        pace.awaitBody(System.nanoTime());
        request.resume();
    }

    private void head(HttpClientResponse answer, int current) {
        if (current != attempt || done || exchange.isFinished()) {
            return;
        }
        answered = true;
        Target from = target();
        int status = answer.statusCode();
        long now = System.nanoTime();
        trying().answered(now);
        call.upstream = from.authority();
        call.upstreamNanos = now - sentNanos;
        call.status = status;
        deadlineNanos = now + SILENCE_NANOS;
        MultiMap headers = answer.headers();
        if (body != RequestBody.SOME) {
            trying().took(status, call.upstreamNanos);
        }
        if (PassedHeaders.isEventStream(headers) && !passage.becomeStream(caps.maxStreams())) {
            abort();
            exchange.takeBack(
                    ProblemCode.STREAMS_EXCEEDED,
                    "The tenant has " + caps.maxStreams() + " event streams open already. Close one first.");
            return;
        }
        readCost(headers.get(InternalHeaders.COST));
        response.setStatusCode(status);
        PassedHeaders.toClient(headers, response.headers());
        exchange.addOwnHeaders();
        boolean empty = request.method().equals(HttpMethod.HEAD) || status == 204 || status == 304;
        String length = headers.get(HttpHeaders.CONTENT_LENGTH);
        if (length != null && status != 204) {
            // of HEAD and 304 it tells how long the body would be
            response.headers().set(HttpHeaders.CONTENT_LENGTH, Long.toString(Long.parseLong(length)));
        }
        if (!empty) {
            if (length != null) {
                contentLength = Long.parseLong(length);
            } else if (request.version() == HttpVersion.HTTP_1_1) {
                response.setChunked(true);
            }
        }
        answer.exceptionHandler(e -> brokeInBody());
        answer.endHandler(v -> end(answer));
        if (!empty) {
            answer.handler(chunk -> chunk(answer, chunk));
            if (!isShort() && request.version() != HttpVersion.HTTP_1_0) {
                // sent with the first of the body when that comes in the same pass of the loop, else alone
                loop.afterThisPass(this::sendHead);
            }
        }
    }

    /** A body so short that it comes together with its head or right behind it. */
    private boolean isShort() {
        return contentLength >= 0 && contentLength <= SHORT_BODY;
    }

    private void sendHead() {
        if (!done && !ended && !response.headWritten() && !response.closed()) {
            var unused = response.writeHead();
        }
    }

    private void readCost(@Nullable String stated) {
        if (stated == null) {
            return;
        }
        try {
            long cost = Long.parseLong(stated.strip());
            if (cost >= 0 && cost <= 1_000_000_000L) {
                call.statedCost = cost;
            }
        } catch (NumberFormatException e) {
            loop.warnOfCost(pool.name(), stated);
        }
    }

    private void chunk(HttpClientResponse answer, Buffer chunk) {
        if (done || ended) {
            return;
        }
        call.responseBytes += chunk.length();
        if (call.responseBytes == contentLength) {
            ended = true;
            exchange.finish(call.status, Completion.COMPLETE);
            exchange.sending(response.end(chunk));
            return;
        }
        deadlineNanos = System.nanoTime() + SILENCE_NANOS;
        var unused = response.write(chunk);
        if (response.writeQueueFull()) {
            answer.pause();
            pace.answerHeld(System.nanoTime());
            response.drainHandler(v -> {
                pace.answerFlows();
                passage.takePlaceBack();
                deadlineNanos = System.nanoTime() + SILENCE_NANOS;
                answer.resume();
            });
        }
    }

    private void end(HttpClientResponse answer) {
        if (done) {
            return;
        }
        done = true;
        if (!ended) {
            ended = true;
            exchange.finish(call.status, Completion.COMPLETE);
            exchange.sending(response.end());
        }
        Target from = target();
        trying().over();
        HttpClientConnection used = connection;
        if (used == null) {
            return;
        }
        if (!requestEnded) {
            // the service answered without reading the whole body: the connection cannot be used again
            reset();
        } else if (!"close".equalsIgnoreCase(answer.getHeader(HttpHeaders.CONNECTION))) {
            loop.connections().release(from, used, System.nanoTime());
        }
    }

    private void connectFailed(Throwable cause) {
        Target failed = target();
        trying().failed(Fault.UNREACHABLE, System.nanoTime());
        if (attempt < MAX_ATTEMPTS
                && pool.targets().size() > 1
                && pool.retries().take()) {
            loop.metrics().retried(pool.name());
            attempt(failed);
            return;
        }
        done = true;
        call.upstream = failed.authority();
        loop.warnOfPool(pool.name(), failed, cause);
        exchange.fail(
                ProblemCode.UPSTREAM_UNREACHABLE,
                "The pool " + pool.name()
                        + " cannot be reached: the service may be down or starting. Try again later.");
    }

    private void brokeBeforeHead(int current, Throwable cause, boolean reused) {
        if (current != attempt || done || answered || exchange.isFinished()) {
            return;
        }
        Target failed = target();
        Fault fault = Fault.ofBroken(cause);
        boolean again =
                fault.isRetryable() && !bodyTouched && IDEMPOTENT.contains(request.method()) && attempt < MAX_ATTEMPTS;
        if (reused && fault == Fault.CUT) {
            // a kept connection that the service has closed meanwhile says nothing about how well it is
            trying().over();
        } else {
            trying().failed(fault, System.nanoTime());
        }
        if (again && (reused || pool.retries().take())) {
            loop.metrics().retried(pool.name());
            attempt(reused ? null : failed);
            return;
        }
        done = true;
        call.upstream = failed.authority();
        loop.warnOfPool(pool.name(), failed, cause);
        exchange.fail(
                ProblemCode.UPSTREAM_FAILED,
                "The pool " + pool.name() + " closed the connection before it answered. "
                        + (IDEMPOTENT.contains(request.method())
                                ? "Try again."
                                : "Whether it did what was asked is not known: look before you try again."));
    }

    private void brokeInBody() {
        if (done || ended) {
            return;
        }
        done = true;
        trying().failed(Fault.BROKE_OFF, System.nanoTime());
        loop.warnOfPool(pool.name(), target(), "it broke off its answer");
        if (response.headWritten()) {
            exchange.finish(call.status, Completion.UPSTREAM_BROKE_OFF);
            response.reset();
        } else {
            response.headers().clear();
            exchange.fail(ProblemCode.UPSTREAM_FAILED, "The pool " + pool.name() + " broke off its answer. Try again.");
        }
    }

    void checkDeadline(long nowNanos) {
        if (done || isHeldUpByClient(nowNanos) || nowNanos - deadlineNanos < 0) {
            return;
        }
        if (answered) {
            reset();
            brokeInBody();
            return;
        }
        Target late = target();
        trying().failed(Fault.TIMED_OUT, nowNanos);
        abort();
        call.upstream = late.authority();
        call.upstreamNanos = sentNanos == 0 ? 0 : nowNanos - sentNanos;
        exchange.fail(
                ProblemCode.UPSTREAM_TIMEOUT,
                "The pool " + pool.name() + " did not answer within " + route.responseTimeoutMillis()
                        + " ms. Try again later, or ask for less at once.");
    }

    /**
     * Whether the service can do nothing for the call now, as its turn has not come or its client is slow. A client that is
     * too slow loses its call; that is no fault of the service's.
     */
    private boolean isHeldUpByClient(long nowNanos) {
        if (passage.isWaiting()) {
            if (passage.isTooLate(nowNanos)) {
                noTurn("The call's turn at the pool " + pool.name() + " has not come within "
                        + caps.longestWait().toMillis() + " ms.");
            }
            return true;
        }
        if (pace.isSlow(nowNanos)) {
            passage.lendPlace();
            if (trying != null) {
                trying.heldUpByClient();
            }
        }
        if (pace.isBodyTooSlow(nowNanos)) {
            abort();
            if (response.headWritten()) {
                exchange.finish(call.status, Completion.CLIENT_GONE_IN_BODY);
                response.reset();
            } else {
                exchange.fail(
                        ProblemCode.REQUEST_TOO_SLOW,
                        "The body has paused for longer than "
                                + caps.bodySilence().toSeconds() + " s, or comes slower than "
                                + caps.bodyBytesPerSecond() + " bytes a second.");
            }
            return true;
        }
        if (pace.isReadTooSlow(nowNanos)) {
            abort();
            exchange.finish(call.status, Completion.CLIENT_GONE_IN_BODY);
            response.reset();
            return true;
        }
        return pace.holdsAnswer() || (pace.awaitsBody() && !answered && asked != null);
    }

    /** Nobody waits for the answer any more. */
    void abort() {
        if (done) {
            return;
        }
        done = true;
        if (trying != null) {
            trying.over();
        }
        reset();
    }

    private void reset() {
        HttpClientRequest sent = asked;
        if (sent != null) {
            var unused = sent.reset();
        }
    }

    private Attempt trying() {
        Attempt known = trying;
        if (known == null) {
            throw new IllegalStateException("no target was picked yet");
        }
        return known;
    }

    private Target target() {
        return trying().target();
    }
}
