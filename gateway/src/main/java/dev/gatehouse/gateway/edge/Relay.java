package dev.gatehouse.gateway.edge;

import dev.gatehouse.gateway.GatewaySettings;
import dev.gatehouse.gateway.forward.AnswerHead;
import dev.gatehouse.gateway.forward.Attempt;
import dev.gatehouse.gateway.forward.Fault;
import dev.gatehouse.gateway.forward.PassedHeaders;
import dev.gatehouse.gateway.forward.Pool;
import dev.gatehouse.gateway.forward.RequestHead;
import dev.gatehouse.gateway.forward.ServiceConnection;
import dev.gatehouse.gateway.forward.Target;
import dev.gatehouse.gateway.route.Operation;
import dev.gatehouse.gateway.standing.Standing;
import dev.gatehouse.gateway.turn.Passage;
import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.kernel.identity.InternalHeaders;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.usage.Completion;
import io.netty.buffer.ByteBuf;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The way of an admitted call to its service and of the answer back, both as streams with backpressure. It begins when it is
 * the call's turn. Where it stands is a {@link RelayState}, and every step is one of {@link RelayTransitions}.
 */
final class Relay implements Passage.Traveller, ServiceConnection.Asker {
    private static final Set<HttpMethod> IDEMPOTENT =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.PUT, HttpMethod.DELETE);
    private static final int MAX_ATTEMPTS = 3;
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
    private final ClientBody body;
    private final ClientAnswer answer;
    private RelayState state = RelayState.TURN;
    private @Nullable Attempt trying;
    private @Nullable ServiceConnection connection;
    private int attempt;
    private long sentNanos;
    private long deadlineNanos = Long.MAX_VALUE;

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
        body = new ClientBody(exchange, this, pace);
        answer = new ClientAnswer(exchange);
        passage = new Passage(standing.places(), standing.tenant(), pool.turnstile(), this);
    }

    /**
     * Takes a step.
     *
     * @return false when the call is over already, or is ended by a step that cannot be taken
     */
    private boolean move(RelayEvent event) {
        if (state == RelayState.OVER) {
            return false;
        }
        RelayState next = RelayTransitions.after(state, event);
        if (next == null) {
            exchange.broke(new IllegalStateException(event + " cannot happen in " + state));
            return false;
        }
        state = next;
        if (next == RelayState.OVER) {
            letGo();
        }
        return true;
    }

    /** Nothing is held when the call is over; a connection that still serves it is in doubt from now on. */
    private void letGo() {
        if (trying != null) {
            trying.over();
        }
        ServiceConnection held = connection;
        connection = null;
        if (held != null) {
            held.close();
        }
    }

    /** Ends the call with a problem, or by breaking its answer off when that has begun to go out. */
    private void end(RelayEvent event, ProblemCode code, String detail, Completion ifBegun) {
        boolean begun = isAnswering();
        if (!move(event)) {
            return;
        }
        if (response.headWritten()) {
            exchange.breakOff(ifBegun);
            return;
        }
        if (begun) {
            answer.forget();
        }
        exchange.fail(code, detail);
    }

    void start() {
        switch (passage.enter(System.nanoTime(), caps.longestWait().toNanos())) {
            case IN -> letIn();
            case WAIT -> {}
            case FULL -> noTurn(Limits429.full(standing.tenant()));
        }
    }

    @Override
    public void goOn() {
        exchange.guarded(this::letIn);
    }

    @Override
    public Executor loop() {
        return loop.later();
    }

    private void letIn() {
        if (move(RelayEvent.LET_IN)) {
            body.hear();
        }
    }

    private void noTurn(String why) {
        if (move(RelayEvent.REFUSED)) {
            exchange.takeBack(ProblemCode.CONCURRENCY_EXCEEDED, why + Limits429.SEND_FEWER);
        }
    }

    /** Whether anything was sent to a service. */
    boolean hasAsked() {
        return sentNanos != 0;
    }

    /** The call has been answered, one way or another. */
    void over() {
        passage.leave();
    }

    /** Whether it is of use only as long as the client is known to be there. */
    boolean needsClient() {
        return passage.isWaiting() || passage.isStream();
    }

    boolean isOver() {
        return state == RelayState.OVER;
    }

    /** What follows the request's head is known, as far as its framing needs it. */
    void bodyKnown() {
        if (move(RelayEvent.BODY_KNOWN)) {
            attempt(null);
        }
    }

    private void attempt(@Nullable Target not) {
        long now = System.nanoTime();
        Attempt begun = pool.begin(standing.tenant().id(), operation.id(), call.path, now, not);
        if (begun == null) {
            end(
                    RelayEvent.SERVICE_FAILS,
                    ProblemCode.UPSTREAM_UNAVAILABLE,
                    "The pool " + pool.name()
                            + " is failing, for this call's path or in all. Try again in some seconds.",
                    Completion.UPSTREAM_BROKE_OFF);
            return;
        }
        int current = ++attempt;
        trying = begun;
        Target picked = begun.target();
        // room for the connection, each attempt and its answer
        deadlineNanos = now + (route.connectTimeoutMillis() + route.responseTimeoutMillis()) * 1_000_000L;
        ServiceConnection idle = loop.connections().takeIdle(picked, now);
        if (idle != null) {
            connected(idle);
            return;
        }
        loop.connections()
                .open(picked, route.connectTimeoutMillis())
                .onComplete((opened, failure) -> exchange.guarded(() -> {
                    if (current != attempt || state != RelayState.CONNECTING) {
                        if (opened != null) {
                            loop.connections().rest(opened);
                        }
                    } else if (opened != null) {
                        connected(opened);
                    } else {
                        connectFailed(failure);
                    }
                }));
    }

    private void connected(ServiceConnection open) {
        connection = open;
        RequestHead head = ServiceHead.of(exchange, standing, route, target());
        if (!move(RelayEvent.CONNECTED)) {
            return;
        }
        sentNanos = System.nanoTime();
        try {
            open.ask(this, head, body.framing());
        } catch (IllegalArgumentException e) {
            // nothing of it was sent
            connection = null;
            loop.connections().rest(open);
            clientFailed(ProblemCode.MALFORMED_REQUEST, "The request cannot be passed on: " + e.getMessage() + ".");
            return;
        }
        body.follow();
    }

    /** The service's connection; null while there is none. */
    @Nullable
    ServiceConnection connection() {
        return connection;
    }

    /** The last of the request has come. */
    void requestEnds() {
        ServiceConnection to = connection;
        if (to == null) {
            return;
        }
        to.sent();
        passage.takePlaceBack();
        if (state == RelayState.ASKING) {
            deadlineNanos = System.nanoTime() + route.responseTimeoutMillis() * 1_000_000L;
        }
        move(RelayEvent.REQUEST_ENDS);
    }

    /** The service takes no more of the request for now. */
    void serviceHolds() {
        deadlineNanos = System.nanoTime() + route.responseTimeoutMillis() * 1_000_000L;
    }

    @Override
    public void drained() {
        body.serviceTakesMore();
    }

    @Override
    public void head(AnswerHead head) {
        Attempt answered = trying();
        MultiMap headers = head.headers();
        long now = System.nanoTime();
        answered.answered(now);
        call.upstream = answered.target().authority();
        call.upstreamNanos = now - sentNanos;
        if (!body.exists()) {
            answered.took(head.status(), call.upstreamNanos);
        }
        if (PassedHeaders.isEventStream(headers) && !passage.becomeStream(caps.maxStreams())) {
            move(RelayEvent.REFUSED);
            exchange.takeBack(
                    ProblemCode.STREAMS_EXCEEDED,
                    "The tenant has " + caps.maxStreams() + " event streams open already. Close one first.");
            return;
        }
        if (!move(RelayEvent.ANSWER_BEGINS)) {
            return;
        }
        call.status = head.status();
        deadlineNanos = now + SILENCE_NANOS;
        readCost(headers.get(InternalHeaders.COST));
        answer.begin(head);
        if (state == RelayState.ANSWERED_EARLY) {
            exchange.closeAfterAnswer();
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

    @Override
    public void piece(ByteBuf octets) {
        call.responseBytes += octets.readableBytes();
        deadlineNanos = System.nanoTime() + SILENCE_NANOS;
        answer.piece(octets);
        ServiceConnection from = connection;
        if (from != null && response.writeQueueFull()) {
            from.pause();
            pace.answerHeld(System.nanoTime());
            response.drainHandler(v -> exchange.guarded(this::clientTakesMore));
        }
    }

    private void clientTakesMore() {
        ServiceConnection from = connection;
        if (from == null) {
            return;
        }
        pace.answerFlows();
        passage.takePlaceBack();
        deadlineNanos = System.nanoTime() + SILENCE_NANOS;
        from.resume();
    }

    @Override
    public void end(@Nullable ByteBuf last) {
        // it is no longer the call's: it is kept or closed by what it knows of both sides
        connection = null;
        if (!move(RelayEvent.ANSWER_ENDS)) {
            return;
        }
        if (last != null) {
            call.responseBytes += last.readableBytes();
        }
        exchange.finish(call.status, Completion.COMPLETE);
        answer.end(last);
        exchange.incoming().discard();
    }

    private void connectFailed(@Nullable Throwable cause) {
        Target failed = target();
        trying().failed(Fault.UNREACHABLE, System.nanoTime());
        if (attempt < MAX_ATTEMPTS
                && pool.targets().size() > 1
                && pool.retries().take()) {
            tryAgain(failed);
            return;
        }
        call.upstream = failed.authority();
        loop.warnOfPool(pool.name(), failed, cause == null ? "it cannot be reached" : cause);
        end(
                RelayEvent.SERVICE_FAILS,
                ProblemCode.UPSTREAM_UNREACHABLE,
                "The pool " + pool.name() + " cannot be reached: the service may be down or starting. Try again later.",
                Completion.UPSTREAM_BROKE_OFF);
    }

    private void tryAgain(@Nullable Target not) {
        loop.metrics().retried(pool.name());
        if (move(RelayEvent.TRIED_AGAIN)) {
            connection = null;
            attempt(not);
        }
    }

    @Override
    public void broke(Fault fault, String why) {
        ServiceConnection broken = connection;
        connection = null;
        Target failed = target();
        boolean begun = isAnswering();
        boolean reused = broken != null && broken.isReused();
        if (reused && fault == Fault.CUT) {
            // a kept connection that the service has closed meanwhile says nothing about how well it is
            trying().over();
        } else {
            trying().failed(fault, System.nanoTime());
        }
        if (fault.isRetryable()
                && !body.exists()
                && IDEMPOTENT.contains(request.method())
                && attempt < MAX_ATTEMPTS
                && (reused || pool.retries().take())) {
            tryAgain(reused ? null : failed);
            return;
        }
        call.upstream = failed.authority();
        loop.warnOfPool(pool.name(), failed, why);
        end(
                RelayEvent.SERVICE_FAILS,
                ProblemCode.UPSTREAM_FAILED,
                "The pool " + pool.name() + (begun ? " broke off its answer. Try again." : noAnswer(fault)),
                Completion.UPSTREAM_BROKE_OFF);
    }

    private String noAnswer(Fault fault) {
        return (fault == Fault.MALFORMED
                        ? " sent something that cannot be read as an HTTP answer. "
                        : " closed the connection before it answered. ")
                + (IDEMPOTENT.contains(request.method())
                        ? "Try again."
                        : "Whether it did what was asked is not known: look before you try again.");
    }

    @Override
    public void threw(Throwable failure) {
        connection = null;
        exchange.broke(failure);
    }

    void checkDeadline(long nowNanos) {
        if (isOver() || isHeldUpByClient(nowNanos) || isOver() || nowNanos - deadlineNanos < 0) {
            return;
        }
        Target late = target();
        boolean begun = isAnswering();
        trying().failed(begun ? Fault.BROKE_OFF : Fault.TIMED_OUT, nowNanos);
        call.upstream = late.authority();
        if (begun) {
            loop.warnOfPool(pool.name(), late, "it has stopped in its answer");
            end(
                    RelayEvent.SERVICE_FAILS,
                    ProblemCode.UPSTREAM_FAILED,
                    "The pool " + pool.name() + " broke off its answer. Try again.",
                    Completion.UPSTREAM_BROKE_OFF);
            return;
        }
        call.upstreamNanos = sentNanos == 0 ? 0 : nowNanos - sentNanos;
        end(
                RelayEvent.SERVICE_FAILS,
                ProblemCode.UPSTREAM_TIMEOUT,
                "The pool " + pool.name() + " did not answer within " + route.responseTimeoutMillis()
                        + " ms. Try again later, or ask for less at once.",
                Completion.UPSTREAM_BROKE_OFF);
    }

    /**
     * Whether the service can do nothing for the call now, as its turn has not come or its client is slow. A client that is
     * too slow loses its call; that is no fault of the service's.
     */
    private boolean isHeldUpByClient(long nowNanos) {
        if (state == RelayState.TURN) {
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
            clientFailed(
                    ProblemCode.REQUEST_TOO_SLOW,
                    "The body has paused for longer than "
                            + caps.bodySilence().toSeconds() + " s, or comes slower than "
                            + caps.bodyBytesPerSecond() + " bytes a second.");
            return true;
        }
        if (pace.isReadTooSlow(nowNanos)) {
            clientFailed(ProblemCode.REQUEST_TOO_SLOW, "The answer was not read.");
            return true;
        }
        return pace.holdsAnswer() || (pace.awaitsBody() && (state == RelayState.HEARING || state == RelayState.ASKING));
    }

    /** The client does not do its part. */
    void clientFailed(ProblemCode code, String detail) {
        end(RelayEvent.CLIENT_FAILS, code, detail, Completion.CLIENT_GONE_IN_BODY);
    }

    boolean isAnswering() {
        return state == RelayState.ANSWERED_EARLY || state == RelayState.ANSWERING;
    }

    /** Ends an answer before its service has: a stream of events as usual, and what has an end so that it is seen to lack it. */
    void cutOff() {
        boolean stream = response.headWritten() && PassedHeaders.isEventStream(response.headers());
        abort();
        exchange.finish(call.status, stream ? Completion.COMPLETE : Completion.CLIENT_GONE_IN_BODY);
        if (stream) {
            exchange.sending(response.end());
        } else {
            response.reset();
        }
    }

    /** Nobody waits for the answer any more. */
    void abort() {
        move(RelayEvent.CLIENT_FAILS);
    }

    /** The gateway itself has failed the call. */
    void broken() {
        move(RelayEvent.THROWN);
    }

    private Attempt trying() {
        Attempt known = trying;
        if (known == null) {
            throw new IllegalStateException("no target is being asked");
        }
        return known;
    }

    private Target target() {
        return trying().target();
    }
}
