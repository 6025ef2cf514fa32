package dev.gatehouse.gateway.edge;

import dev.gatehouse.gateway.forward.BodyFraming;
import dev.gatehouse.gateway.forward.ServiceConnection;
import dev.gatehouse.kernel.problem.ProblemCode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The body of a call's request on its way to the service. Whether there is one is heard from what comes behind the head, over
 * any version and whatever the method: only then is the framing made that the service sees, and the octets are checked against
 * it. Belongs to one event loop.
 */
final class ClientBody {
    /** Of these a service awaits a body, so that its absence is said (RFC 9110, section 8.6). */
    private static final Set<HttpMethod> TAKES_BODY = Set.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH);

    private final Exchange exchange;
    private final Relay relay;
    private final HttpServerRequest request;
    private final ClientPace pace;
    private final long declared;
    private final long limit;
    private Stage stage = Stage.UNHEARD;
    private BodyFraming framing = BodyFraming.NONE;
    private @Nullable Buffer first;

    private enum Stage {
        /** Nothing has come behind the head yet. */
        UNHEARD,
        /** Its first octets wait for a connection. */
        HELD,
        /** There is none. */
        NONE,
        /** It is passed on as it comes. */
        FLOWING,
        /** All of it has come, and waits for a connection or is passed on. */
        ENDED
    }

    ClientBody(Exchange exchange, Relay relay, ClientPace pace) {
        this.exchange = exchange;
        this.relay = relay;
        this.pace = pace;
        request = exchange.request();
        declared = exchange.incoming().declared();
        limit = exchange.loop().settings().edge().maxBodyBytes();
    }

    /** Finds out whether there is one, and tells the relay, at once or when it is known. */
    void hear() {
        if (!exchange.incoming().mayExist() || request.isEnded()) {
            heardNone();
            return;
        }
        request.handler(octets -> exchange.guarded(() -> came(octets)));
        request.endHandler(v -> exchange.guarded(this::ended));
        pace.awaitBody(System.nanoTime());
        request.resume();
    }

    private void heardNone() {
        if (declared > 0) {
            otherThanDeclared();
            return;
        }
        stage = Stage.NONE;
        framing = declared == 0 || TAKES_BODY.contains(request.method()) ? BodyFraming.EMPTY : BodyFraming.NONE;
        relay.bodyKnown();
    }

    private void came(Buffer octets) {
        if (relay.isOver() || octets.length() == 0) {
            return;
        }
        pace.bodyCame(octets.length(), System.nanoTime());
        if (pace.received() > limit) {
            relay.clientFailed(ProblemCode.TOO_LARGE, exchange.tooLarge());
        } else if (declared >= 0 && pace.received() > declared) {
            otherThanDeclared();
        } else if (stage == Stage.UNHEARD) {
            stage = Stage.HELD;
            framing = declared >= 0 ? new BodyFraming.Length(declared) : BodyFraming.CHUNKED;
            first = octets;
            hold();
            relay.bodyKnown();
        } else {
            pass(octets);
        }
    }

    private void pass(Buffer octets) {
        ServiceConnection to = relay.connection();
        if (to == null) {
            // it came though the stream is held: no more than what was on its way
            first = first == null ? octets : Buffer.buffer().appendBuffer(first).appendBuffer(octets);
            return;
        }
        to.send(((BufferInternal) octets).getByteBuf());
        if (!to.isWritable()) {
            hold();
            relay.serviceHolds();
        }
    }

    private void hold() {
        request.pause();
        pace.bodyHeld(System.nanoTime());
    }

    private void ended() {
        if (relay.isOver()) {
            return;
        }
        pace.bodyHeld(System.nanoTime());
        if (stage == Stage.UNHEARD) {
            heardNone();
            return;
        }
        if (declared >= 0 && pace.received() != declared) {
            otherThanDeclared();
            return;
        }
        boolean flows = stage == Stage.FLOWING;
        stage = Stage.ENDED;
        if (flows) {
            relay.requestEnds();
        }
    }

    /** RFC 9113, section 8.1.1; over HTTP/1 the decoder lets no such thing happen. Nothing more of it goes on. */
    private void otherThanDeclared() {
        relay.clientFailed(ProblemCode.MALFORMED_REQUEST, "The body is not as long as Content-Length says.");
    }

    BodyFraming framing() {
        return framing;
    }

    /** Whether any of it has come: then the call cannot be tried again. */
    boolean exists() {
        return stage != Stage.UNHEARD && stage != Stage.NONE;
    }

    /** The head has gone out: what has come follows it, and then the rest. */
    void follow() {
        Buffer waiting = first;
        first = null;
        if (waiting != null) {
            pass(waiting);
        }
        if (stage == Stage.HELD) {
            stage = Stage.FLOWING;
            serviceTakesMore();
        } else {
            relay.requestEnds();
        }
    }

    /** The service has room again. */
    void serviceTakesMore() {
        ServiceConnection to = relay.connection();
        if (stage == Stage.FLOWING && to != null && to.isWritable()) {
            pace.awaitBody(System.nanoTime());
            request.resume();
        }
    }
}
