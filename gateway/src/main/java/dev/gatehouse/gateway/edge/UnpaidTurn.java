package dev.gatehouse.gateway.edge;

import dev.gatehouse.gateway.standing.Standing;
import dev.gatehouse.gateway.turn.AnswerPace;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * One call's turn among those whose answers nobody pays for: its tenant's, or its address's while nobody has shown that the
 * key may be used, so that a key which was revoked does not slow its tenant down.
 */
final class UnpaidTurn {
    private static final long NOT_TAKEN = -1;

    private final GatewayLoop loop;
    private final HttpServerRequest request;
    private final ClientConnections.Client client;
    private long wait = NOT_TAKEN;
    private @Nullable AnswerPace tenants;

    UnpaidTurn(GatewayLoop loop, HttpServerRequest request, ClientConnections.Client client) {
        this.loop = loop;
        this.request = request;
        this.client = client;
    }

    /** From now on it is one of the tenant's. */
    void of(Standing standing) {
        tenants = standing.places().unpaid();
    }

    /** The call has been paid for, or its cost is given back: its answer waits for nothing. */
    void paid() {
        wait = 0;
    }

    /**
     * Takes its place, once.
     *
     * @return nanoseconds to wait; {@link AnswerPace#LONGEST_NANOS} when there was no place to take
     */
    long take(String address) {
        if (wait == NOT_TAKEN) {
            long now = System.nanoTime();
            wait = tenants == null ? loop.addressPaces().take(address, now) : tenants.take(now);
        }
        return wait;
    }

    /** Over HTTP/2 calls do not wait for one another's answers: there the caller's next streams wait to be taken up. */
    void after(long nanos, Runnable action) {
        if (nanos == 0) {
            action.run();
        } else if (request.version() == HttpVersion.HTTP_2) {
            loop.streams().hold(client.owner(), nanos);
            action.run();
        } else {
            loop.after(nanos, action);
        }
    }
}
