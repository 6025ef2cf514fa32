package dev.gatehouse.gateway.edge;

import dev.gatehouse.gateway.GatewaySettings;
import dev.gatehouse.gateway.turn.TenantPlaces;
import io.vertx.core.http.HttpConnection;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop: whose each is, and how long it has brought nothing. A connection is its address's
 * until its first call with a known key, and that key's tenant's from then on.
 */
final class ClientConnections {
    /** Refused calls of one HTTP/2 connection within {@link #REFUSAL_WINDOW_NANOS}. */
    static final int MOST_REFUSALS = 1_000;

    private static final long REFUSAL_WINDOW_NANOS = 10_000_000_000L;
    private static final long ENHANCE_YOUR_CALM = 0xb;

    private final GatewaySettings.Edge edge;
    private final ConnectionCounts counts;
    private final Executor later;
    private final Map<HttpConnection, Client> open = new IdentityHashMap<>();

    ClientConnections(GatewaySettings.Edge edge, ConnectionCounts counts, Executor later) {
        this.later = later;
        this.edge = edge;
        this.counts = counts;
    }

    /** One connection. */
    static final class Client {
        private final HttpConnection connection;
        private final String address;
        private boolean called;
        private boolean closing;
        private boolean silent;
        private int calls;
        private int refusals;
        private long refusalsSinceNanos;
        private long restNanos;
        private @Nullable TenantPlaces tenant;
        private @Nullable Exchange current;

        Client(HttpConnection connection, String address, long nowNanos) {
            this.connection = connection;
            this.address = address;
            restNanos = nowNanos;
            refusalsSinceNanos = nowNanos;
        }

        /** Counts the connection among a tenant's, once; false when the tenant has that many already. */
        boolean belongsTo(TenantPlaces places, int most) {
            if (tenant != null) {
                // a connection that several tenants share is the first one's
                return true;
            }
            if (!places.connect(most)) {
                return false;
            }
            tenant = places;
            return true;
        }

        /**
         * Streams cost their sender nothing, so one that goes on opening them though each is refused loses its connection
         * (RFC 9113, 7: ENHANCE_YOUR_CALM, 10.5).
         */
        void refusedOnStream(long nowNanos) {
            if (nowNanos - refusalsSinceNanos > REFUSAL_WINDOW_NANOS) {
                refusalsSinceNanos = nowNanos;
                refusals = 0;
            }
            if (++refusals == MOST_REFUSALS) {
                connection.goAway(ENHANCE_YOUR_CALM);
                var unused = connection.close();
            }
        }

        /** Whose turns its streams take: the tenant's, or the address's while no tenant is known. */
        Object owner() {
            return tenant != null ? tenant : address;
        }

        /** No further request of it is served: it is closed when the answer to this one is out. */
        void closing() {
            closing = true;
        }

        boolean isClosing() {
            return closing;
        }

        /** It has shut its side; what it has sent is still answered. */
        void sendsNoMore() {
            silent = true;
        }

        /** Whether nothing more is to be sent on it, once the answer that is on its way is out. */
        boolean isDone() {
            return closing || (silent && calls == 0);
        }

        /**
         * Closes it, when its answer has been sent. A client that is still sending would be told so by a reset, and lose the
         * answer over that: it hears first that nothing more comes.
         *
         * @param lingerNanos how long what it still sends is read away
         */
        void close(long lingerNanos, GatewayLoop loop) {
            if (lingerNanos == 0 || !Channels.endOutput(connection)) {
                var unused = connection.close();
                return;
            }
            loop.after(lingerNanos, () -> {
                var unused = connection.close();
            });
        }

        void callBegins(Exchange exchange) {
            called = true;
            calls++;
            current = exchange;
        }

        /** The call that began last; over HTTP/1 it is the one whose body comes. Null when none is under way. */
        @Nullable
        Exchange current() {
            return calls == 0 ? null : current;
        }

        void callEnds(long nowNanos) {
            calls--;
            restNanos = nowNanos;
            if (calls == 0) {
                current = null;
            }
        }

        /** Whether no head has been completed for longer than one may take, however many bytes have come. */
        private boolean isOverdue(long nowNanos, GatewaySettings.Edge edge) {
            long most = called ? edge.idle().toNanos() : edge.caps().firstHead().toNanos();
            return calls == 0 && nowNanos - restNanos > most;
        }
    }

    /** Takes a new connection in, or closes it when there are too many. */
    void accept(HttpConnection connection, long nowNanos) {
        String address = connection.remoteAddress().hostAddress();
        if (!counts.open(address)) {
            // a connection that is only just being made does not hear it
            later.execute(() -> {
                var unused = connection.close();
            });
            return;
        }
        Client client = new Client(connection, address, nowNanos);
        open.put(connection, client);
        connection.closeHandler(v -> gone(connection));
    }

    /** The connection that a call came on. */
    Client of(HttpConnection connection, long nowNanos) {
        Client known = open.get(connection);
        // one that is being closed may still bring what it had sent
        return known != null
                ? known
                : new Client(connection, connection.remoteAddress().hostAddress(), nowNanos);
    }

    private void gone(HttpConnection connection) {
        Client client = open.remove(connection);
        if (client != null) {
            counts.close(client.address);
            if (client.tenant != null) {
                client.tenant.disconnect();
            }
        }
    }

    /** Closes connections that bring no request. */
    void sweep(long nowNanos) {
        List<Client> overdue = new ArrayList<>();
        for (Client client : open.values()) {
            if (client.isOverdue(nowNanos, edge)) {
                overdue.add(client);
            }
        }
        for (Client client : overdue) {
            var unused = client.connection.close();
        }
    }
}
