package dev.gatehouse.gateway.edge;

import dev.gatehouse.gateway.admit.Account;
import dev.gatehouse.gateway.admit.Admission;
import dev.gatehouse.gateway.admit.Levels;
import dev.gatehouse.gateway.admit.Verdict;
import dev.gatehouse.gateway.authenticate.Authentication;
import dev.gatehouse.gateway.authenticate.Authenticator;
import dev.gatehouse.gateway.report.KeyMask;
import dev.gatehouse.gateway.route.Operation;
import dev.gatehouse.gateway.route.RequestTarget;
import dev.gatehouse.gateway.route.RouteMatch;
import dev.gatehouse.gateway.snapshot.Digest;
import dev.gatehouse.gateway.standing.Caller;
import dev.gatehouse.gateway.standing.Standing;
import dev.gatehouse.gateway.turn.AnswerPace;
import dev.gatehouse.gateway.turn.TenantPlaces;
import dev.gatehouse.kernel.problem.Problem;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.usage.Completion;
import dev.gatehouse.runtime.json.Json;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request on its way through authenticate, route, admit and forward to its answer. Everything about it happens on one
 * event loop.
 */
final class Exchange implements Verdict {
    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("X-Request-ID");
    private static final CharSequence RESPONSE_TIME = HttpHeaders.createOptimized("X-Response-Time");
    static final CharSequence API_KEY = HttpHeaders.createOptimized("X-API-Key");
    private static final CharSequence RETRY_AFTER = HttpHeaders.createOptimized("Retry-After");
    private static final CharSequence ALLOW = HttpHeaders.createOptimized("Allow");
    private static final int TOO_MANY_REQUESTS = 429;

    /** For which a client that is still sending may read why its connection is closed. */
    private static final long LINGER_NANOS = 1_000_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private final GatewayLoop loop;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final RequestTarget target;
    private final Call call;
    private final ClientConnections.Client client;
    private final UnpaidTurn unpaid;
    private final IncomingBody incoming;
    private @Nullable Refusal refusal;
    private @Nullable Relay relay;
    private long retryAfterSeconds = -1;
    private boolean finished;
    private long usageSeq;

    /** @param arrivedNanos when the request had come, by {@link System#nanoTime} */
    Exchange(GatewayLoop loop, HttpServerRequest request, long arrivedNanos) {
        this.loop = loop;
        this.request = request;
        response = request.response();
        target = RequestTarget.of(request.uri());
        long now = loop.nowMillis();
        call = new Call(
                loop.ids().next(now),
                RequestIds.wellFormed(request.getHeader(REQUEST_ID)),
                HeadCheck.isMethod(request.method().name()) ? request.method().name() : "-",
                target,
                now,
                arrivedNanos);
        client = loop.clients().of(request.connection(), call.startNanos);
        unpaid = new UnpaidTurn(loop, request, client);
        incoming = new IncomingBody(request, this::closeAfterAnswer);
    }

    /** A refusal that is written once the caller's levels are known. */
    private record Refusal(
            ProblemCode code, String detail, @Nullable String allow) {}

    Call call() {
        return call;
    }

    HttpServerRequest request() {
        return request;
    }

    HttpServerResponse response() {
        return response;
    }

    IncomingBody incoming() {
        return incoming;
    }

    GatewayLoop loop() {
        return loop;
    }

    void start() {
        guarded(this::begin);
    }

    /**
     * Runs what may throw: whatever does ends this call as {@code internal}, and nobody else's. Every callback that a call hands
     * out goes through here.
     */
    void guarded(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            broke(e);
        }
    }

    /** The gateway itself has failed the call: it holds nothing afterwards, and neither its client nor its service is blamed. */
    void broke(Throwable failure) {
        LOG.error("call {} failed in the gateway itself", call.requestId, failure);
        try {
            if (relay != null) {
                relay.broken();
            }
            if (response.headWritten() || response.ended()) {
                breakOff(Completion.UPSTREAM_BROKE_OFF);
                return;
            }
            String detail = "It is logged under the request id. Try again; if it stays, tell us the id.";
            call.code = ProblemCode.INTERNAL;
            call.detail = detail;
            response.headersEndHandler(null);
            response.headers().clear();
            closeAfterAnswer();
            answer(
                    ProblemCode.INTERNAL.status(),
                    Problem.MEDIA_TYPE,
                    Json.bytes(Problem.of(ProblemCode.INTERNAL, detail).withRequestId(call.requestId)));
        } catch (RuntimeException | Error e) {
            LOG.error("call {} cannot even be refused", call.requestId, e);
            finish(ProblemCode.INTERNAL.status(), Completion.UPSTREAM_BROKE_OFF);
            var unused = request.connection().close();
        }
    }

    /** The answer has begun and does not end: its client sees that. */
    void breakOff(Completion completion) {
        finish(call.status, completion);
        if (!response.ended()) {
            var unused = response.reset();
        }
    }

    private void begin() {
        client.callBegins(this);
        loop.inFlight().add(this);
        call.span = loop.spans().begin(call, request.headers());
        response.closeHandler(v -> guarded(this::clientGone));
        response.exceptionHandler(e -> guarded(this::clientGone));
        if (incoming.mayExist()) {
            request.pause();
        }
        call.address = loop.addresses().of(request.remoteAddress().hostAddress(), request.headers());
        String fault = HeadCheck.fault(request, target);
        if (fault != null) {
            closeAfterAnswer();
            write(ProblemCode.MALFORMED_REQUEST, fault, null);
            return;
        }
        // over HTTP/1 the decoder has seen to it
        if (request.uri().length() > loop.settings().edge().maxTargetBytes()) {
            write(ProblemCode.URI_TOO_LONG, "The address is too long. Send long filters in a body.", null);
            return;
        }
        if (incoming.declared() > loop.settings().edge().maxBodyBytes()) {
            write(ProblemCode.TOO_LARGE, tooLarge(), null);
            return;
        }
        Authentication authentication = loop.authenticator()
                .authenticate(
                        request.getHeader(HttpHeaders.AUTHORIZATION),
                        request.getHeader(API_KEY),
                        call.address,
                        call.startMillis);
        authenticated(authentication);
    }

    private void authenticated(Authentication authentication) {
        switch (authentication) {
            case Authentication.Known known -> known(known.caller());
            case Authentication.Unseen unseen -> look(unseen.digest());
            case Authentication.Rejected rejected -> rejected(rejected);
        }
    }

    private void rejected(Authentication.Rejected rejected) {
        Caller caller = rejected.caller();
        if (caller == null) {
            write(rejected.code(), rejected.detail(), null);
        } else {
            call.standing = caller.standing(call.startMillis);
            refuseKnown(rejected.code(), rejected.detail(), null);
        }
    }

    /** Asks the directory for a key that may be new. */
    private void look(Digest digest) {
        loop.keySearch()
                .find(digest, AddressGroup.of(call.address))
                .onComplete(found -> loop.run(() -> guarded(() -> looked(found))));
    }

    private void looked(AsyncResult<Optional<Caller>> found) {
        if (finished) {
            return;
        }
        if (found.failed()) {
            // a client that is told that its key is nobody's gives up, and this one may be new
            retryAfterSeconds = 1;
            write(
                    ProblemCode.UNAVAILABLE,
                    "The key is not among those known here, and whether it is new cannot be found out now."
                            + " Try again in a second.",
                    null);
            return;
        }
        Optional<Caller> caller = found.result();
        if (caller.isPresent()) {
            authenticated(Authenticator.check(caller.get(), call.address, call.startMillis));
        } else {
            rejected(Authenticator.unknown());
        }
    }

    private void known(Caller caller) {
        Standing standing = caller.standing(call.startMillis);
        call.standing = standing;
        unpaid.of(standing);
        int connections = loop.settings().edge().caps().maxConnections();
        if (!client.belongsTo(standing.places(), connections)) {
            retryAfterSeconds = 1;
            closeAfterAnswer();
            refuseKnown(
                    ProblemCode.CONNECTIONS_EXCEEDED,
                    "The tenant has " + connections + " connections open already. Send calls on those.",
                    null);
            return;
        }
        if (AccountLimits.isAskedFor(call.method, call.path)) {
            call.service = AccountLimits.SERVICE;
            admitUnpaid(standing);
            return;
        }
        switch (loop.routes().match(call.method, call.path)) {
            case RouteMatch.Found found -> found(found, standing);
            case RouteMatch.OtherMethods other ->
                refuseKnown(
                        ProblemCode.METHOD_NOT_ALLOWED,
                        call.shownPath() + " takes " + String.join(", ", other.allowed()) + ", not " + call.method
                                + ".",
                        String.join(", ", other.allowed()));
            case RouteMatch.Nowhere nowhere ->
                refuseKnown(ProblemCode.NOT_FOUND, "No service has the path " + call.shownPath() + ".", null);
        }
    }

    private void found(RouteMatch.Found found, Standing standing) {
        Operation operation = found.operation();
        call.operation = operation;
        call.prefixLength = found.prefixLength();
        call.service = operation.route().entry().service();
        Set<String> scopes = standing.key().scopes();
        String scope = operation.scope();
        if (scope != null && !scopes.contains("*") && !scopes.contains(scope)) {
            refuseKnown(
                    ProblemCode.KEY_SCOPE,
                    "The key " + standing.key().prefix() + "… lacks the scope \"" + scope
                            + "\", which this call needs.",
                    null);
        } else if (standing.tenant().spendCapped() && operation.cost() > 0) {
            refuseKnown(ProblemCode.SPEND_CAP, "The tenant's spend cap of this month is reached.", null);
        } else if (standing.places()
                .isFull(standing.tenant().maxConcurrent(), standing.tenant().maxQueued())) {
            refuseFull(standing);
        } else if (operation.cost() == 0) {
            admitUnpaid(standing);
        } else {
            admitPaid(standing, operation.cost());
        }
    }

    /** Asks admission for a call that costs nothing, at the pace of such calls. */
    private void admitUnpaid(Standing standing) {
        long wait = unpaid.take(call.address);
        if (wait < AnswerPace.LONGEST_NANOS) {
            afterwards(wait, () -> loop.admission().admit(standing.account(), 0, this));
            return;
        }
        call.admission = lastTold(standing);
        retryAfterSeconds = 1;
        write(
                ProblemCode.RATE_LIMITED,
                "The tenant is sending more than " + AnswerPace.PER_SECOND
                        + " calls a second that are free or refused. Send fewer.",
                null);
    }

    /** Asks admission, unless the tenant floods and the answer is known; calls that cost nothing in the end are paced too. */
    private void admitPaid(Standing standing, int cost) {
        long now = System.nanoTime();
        TenantPlaces places = standing.places();
        Account account = standing.account();
        if (places.unpaid().behind(now) > 0) {
            Admission.Refuse refused = account.balance().refusedStill(account.allowance(), cost, now);
            if (refused != null) {
                go(refused);
                return;
            }
        }
        afterwards(places.givenBack().behind(now), () -> loop.admission().admit(account, cost, this));
    }

    private void afterwards(long wait, Runnable action) {
        unpaid.after(
                wait,
                () -> guarded(() -> {
                    if (!finished) {
                        action.run();
                    }
                }));
    }

    @Override
    public void decided(Admission admission) {
        loop.run(() -> guarded(() -> go(admission)));
    }

    private void go(Admission admission) {
        if (finished) {
            giveBack(admission);
            return;
        }
        call.admission = admission;
        Refusal pending = refusal;
        if (pending != null) {
            write(pending.code, pending.detail, pending.allow);
            return;
        }
        switch (admission) {
            case Admission.Refuse refused -> write(refused.code(), Limits429.detail(refused, call), null);
            case Admission.Admit admitted -> admitted();
        }
    }

    /** The client left while its call was being admitted, and nothing was done for it. */
    private void giveBack(Admission admission) {
        Operation operation = call.operation;
        if (admission instanceof Admission.Admit admitted && operation != null && refusal == null) {
            loop.admission().settle(call.knownStanding().account(), -operation.cost(), admitted);
        }
    }

    private void admitted() {
        Operation operation = call.operation;
        if (operation == null) {
            answer(200, "application/json", AccountLimits.answer(call));
            return;
        }
        relay = new Relay(this, operation, call.knownStanding());
        relay.start();
    }

    /** Refuses a caller who is known: asks for its levels first, so that the answer can show them, unless it floods. */
    private void refuseKnown(ProblemCode code, String detail, @Nullable String allow) {
        Standing standing = call.knownStanding();
        if (unpaid.take(call.address) == 0) {
            refusal = new Refusal(code, detail, allow);
            loop.admission().admit(standing.account(), 0, this);
        } else {
            call.admission = lastTold(standing);
            write(code, detail, allow);
        }
    }

    /** Refuses by what this process knows: whoever floods must cost neither Redis nor the other tenants a thing. */
    private void refuseFull(Standing standing) {
        call.admission = lastTold(standing);
        retryAfterSeconds = 1;
        write(ProblemCode.CONCURRENCY_EXCEEDED, Limits429.full(standing.tenant()) + Limits429.SEND_FEWER, null);
    }

    private Admission lastTold(Standing standing) {
        Levels told = standing.account().balance().told();
        return new Admission.Admit(told == null ? Levels.untouched(call.startMillis * 1_000) : told, false);
    }

    /** The service failed the call, in the stated way, before anything of its answer was sent. */
    void fail(ProblemCode code, String detail) {
        // it is paid for, or counted among those whose cost is given back
        unpaid.paid();
        write(code, detail, null);
    }

    /** A call that was admitted is not served after all, for a cap of its tenant: gives back what it took. */
    void takeBack(ProblemCode code, String detail) {
        Operation operation = call.operation;
        if (operation != null && call.admission instanceof Admission.Admit admitted) {
            loop.admission().settle(call.knownStanding().account(), -operation.cost(), admitted);
            call.admission = admitted.without(operation.cost());
        }
        // a client without other calls in flight is let in at once
        retryAfterSeconds = 1;
        write(code, detail, null);
    }

    private void write(ProblemCode code, String detail, @Nullable String allow) {
        if (finished) {
            return;
        }
        String shown = KeyMask.ofSentence(detail);
        call.code = code;
        call.detail = shown;
        MultiMap headers = response.headers();
        if (allow != null) {
            headers.add(ALLOW, allow);
        }
        if (call.admission instanceof Admission.Refuse refused) {
            retryAfterSeconds = refused.retryAfterSeconds();
        }
        if (retryAfterSeconds >= 0) {
            headers.add(RETRY_AFTER, Long.toString(retryAfterSeconds));
        }
        if (code.status() == TOO_MANY_REQUESTS && request.version() == HttpVersion.HTTP_2) {
            client.refusedOnStream(System.nanoTime());
        }
        call.retryAfterSeconds = retryAfterSeconds;
        byte[] problem = Json.bytes(Problem.of(code, shown).withRequestId(call.requestId));
        call.status = code.status();
        afterwards(unpaid.take(call.address), () -> answer(code.status(), Problem.MEDIA_TYPE, problem));
    }

    private void answer(int status, String type, byte[] body) {
        response.setStatusCode(status);
        MultiMap headers = response.headers();
        headers.add(HttpHeaders.CONTENT_TYPE, type);
        headers.add(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length));
        addOwnHeaders();
        incoming.discard();
        boolean head = request.method().equals(HttpMethod.HEAD);
        call.responseBytes = head ? 0 : body.length;
        finish(status, Completion.COMPLETE);
        sending(head ? response.end() : response.end(Buffer.buffer(body)));
    }

    /** Where the body ends, and what follows it, is not known: the call ends here, and the connection with it. */
    void bodyIsMalformed(String fault) {
        if (finished || response.headWritten()) {
            var unused = request.connection().close();
            return;
        }
        if (relay != null) {
            relay.abort();
        }
        closeAfterAnswer();
        write(ProblemCode.MALFORMED_REQUEST, "The body cannot be read: " + fault + ".", null);
    }

    /** What follows on the connection is not to be trusted, or not to be served here; over HTTP/2 only the stream ends. */
    void closeAfterAnswer() {
        if (request.version() == HttpVersion.HTTP_2) {
            return;
        }
        client.closing();
        if (!response.headWritten()) {
            response.headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
    }

    /** The headers that every answer carries. */
    void addOwnHeaders() {
        MultiMap headers = response.headers();
        headers.add(REQUEST_ID, call.requestId);
        headers.add(RESPONSE_TIME, (System.nanoTime() - call.startNanos) / 1_000_000 + "ms");
        Standing standing = call.standing;
        Admission admission = call.admission;
        if (standing != null && admission != null) {
            standing.text().addTo(headers, admission);
        }
        if (loop.isDraining() && request.version() != HttpVersion.HTTP_2) {
            headers.set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
    }

    /** The answer's last byte is about to be sent, or never will be. */
    void finish(int status, Completion completion) {
        if (finished) {
            return;
        }
        finished = true;
        loop.inFlight().remove(this);
        client.callEnds(System.nanoTime());
        if (relay != null) {
            relay.over();
        }
        call.status = status;
        usageSeq = loop.reporter().report(call, completion, request.bytesRead());
    }

    /** The answer's last byte is on its way; {@code last} tells whether it was sent. */
    void sending(Future<Void> last) {
        if (usageSeq > 0) {
            last.onComplete(sent -> guarded(() -> loop.reporter()
                    .confirm(usageSeq, sent.succeeded() ? Completion.COMPLETE : Completion.CLIENT_GONE_IN_BODY)));
        }
        // another request that had come behind this one is under way by now
        if (client.isDone()) {
            last.onComplete(sent -> client.close(request.isEnded() ? 0 : LINGER_NANOS, loop));
        }
    }

    boolean isFinished() {
        return finished;
    }

    /** Whether the service has taken too long. */
    void checkDeadline(long nowNanos) {
        Relay checked = relay;
        if (checked != null) {
            guarded(() -> checked.checkDeadline(nowNanos));
        }
    }

    /** Whether a service's answer is on its way to the client. */
    boolean isAnswering() {
        return !finished && relay != null && relay.isAnswering();
    }

    /** The caller may not have the rest of its answer. */
    void cutOff() {
        if (relay != null) {
            relay.cutOff();
        }
    }

    /**
     * The client has shut its side of the connection. That it still reads is not known: so it is not served any more while it
     * waits for its turn, nor by a stream of events, which has no end that it could wait for.
     */
    void clientSendsNoMore() {
        if (relay != null && relay.needsClient()) {
            clientGone();
            var unused = request.connection().close();
        }
    }

    private void clientGone() {
        if (finished) {
            return;
        }
        Completion completion =
                response.headWritten() ? Completion.CLIENT_GONE_IN_BODY : Completion.CLIENT_GONE_BEFORE_HEAD;
        if (relay != null) {
            if (!relay.hasAsked()) {
                // its turn had not come, or no connection yet: no service has worked for it
                call.statedCost = 0;
            }
            relay.abort();
        }
        finish(call.status == 0 ? 499 : call.status, completion);
    }

    String tooLarge() {
        return "The body is larger than " + loop.settings().edge().maxBodyBytes() + " bytes. Send less at once.";
    }
}
