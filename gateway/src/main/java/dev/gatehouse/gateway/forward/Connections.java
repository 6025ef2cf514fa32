package dev.gatehouse.gateway.forward;

import io.vertx.core.Future;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Open connections to targets on one event loop, kept and used from that loop alone: the last one given back is the first one
 * taken, so that a quiet time lets the rest go. One that has just been given back rests for {@link #REST_NANOS} first: what its
 * service sends right behind an answer, in a packet of its own, comes while it rests and closes it.
 */
public final class Connections {
    static final long REST_NANOS = 1_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final long IDLE_NANOS = 15_000_000_000L;
    private static final long LOG_NANOS = 1_000_000_000L;
    private static final String VERTX = "handler";
    private static final String OURS = "service";

    private final NetClient client;
    private final ConnectionTally tally;
    private final Map<Target, Kept> kept = new HashMap<>();
    private long loggedNanos = System.nanoTime() - LOG_NANOS;

    /**
     * @param client made for this loop
     * @param tally of all loops
     */
    public Connections(NetClient client, ConnectionTally tally) {
        this.client = client;
        this.tally = tally;
    }

    private record Idle(ServiceConnection connection, long sinceNanos) {}

    /** Of one target. */
    private static final class Kept {
        private final Deque<Idle> resting = new ArrayDeque<>();
        private final Deque<Idle> rested = new ArrayDeque<>();

        void settle(long nowNanos) {
            while (!resting.isEmpty() && nowNanos - resting.getFirst().sinceNanos >= REST_NANOS) {
                rested.addLast(resting.removeFirst());
            }
        }
    }

    /** A connection that waits for a call; null when there is none. */
    public @Nullable ServiceConnection takeIdle(Target target, long nowNanos) {
        Kept of = kept.get(target);
        if (of == null) {
            return null;
        }
        of.settle(nowNanos);
        while (true) {
            Idle last = of.rested.pollLast();
            if (last == null) {
                return null;
            }
            if (last.connection.isQuiet()) {
                return last.connection;
            }
        }
    }

    /** A new connection. */
    public Future<ServiceConnection> open(Target target, int connectTimeoutMillis) {
        return client.connect(target.connectOptions(connectTimeoutMillis)).map(socket -> adopt(target, socket));
    }

    private ServiceConnection adopt(Target target, NetSocket socket) {
        ServiceConnection connection = new ServiceConnection(target, this);
        tally.opened();
        ((NetSocketInternal) socket).channelHandlerContext().pipeline().addBefore(VERTX, OURS, connection);
        return connection;
    }

    /** Keeps a connection for the next call: one whose answer is complete, or that was opened for a call which has gone. */
    public void rest(ServiceConnection connection) {
        kept.computeIfAbsent(connection.target(), t -> new Kept())
                .resting
                .addLast(new Idle(connection, System.nanoTime()));
    }

    void gone(ServiceConnection connection) {
        tally.closed();
        Kept of = kept.get(connection.target());
        if (of != null && !of.resting.removeIf(idle -> idle.connection == connection)) {
            of.rested.removeIf(idle -> idle.connection == connection);
        }
    }

    void doubted(Target target, BadAnswer what) {
        tally.doubted();
        long now = System.nanoTime();
        if (now - loggedNanos >= LOG_NANOS) {
            loggedNanos = now;
            LOG.warn("{} sent {}; its connection is closed", target, what.getMessage());
        }
    }

    /** Closes what has been idle for long, and all of targets that are gone. */
    public void sweep(long nowNanos) {
        var each = kept.values().iterator();
        while (each.hasNext()) {
            Kept of = each.next();
            of.settle(nowNanos);
            while (!of.rested.isEmpty() && nowNanos - of.rested.getFirst().sinceNanos > IDLE_NANOS) {
                // taken out first, so that nothing is looked for while it goes
                of.rested.removeFirst().connection.close();
            }
            if (of.rested.isEmpty() && of.resting.isEmpty()) {
                each.remove();
            }
        }
    }
}
