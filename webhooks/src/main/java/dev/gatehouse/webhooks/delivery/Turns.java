package dev.gatehouse.webhooks.delivery;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.webhooks.Shares;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is. Tenants take turns, however many endpoints or deliveries each has; in its turn a tenant gets as much as
 * its weight says, and never more a second than its rate. A suspended tenant keeps its place and gets no turn. A tenant's endpoints take its turns one after another. An endpoint never has more in flight than its cap, and slow endpoints together never more than their
 * share, so that the rest always finds room. Backlogs stay in the database: here is only who has one.
 */
final class Turns {
    /** Deliveries of one turn, for a tenant of weight 1. */
    static final int CHUNK = 32;

    /** Idle endpoints whose pace is kept in mind. */
    private static final int REMEMBERED = 10_000;

    /** How often a suspended tenant's line is looked at. */
    private static final long RESUMED_NANOS = 250_000_000L;

    /** Leave to claim. @param room deliveries at the most */
    record Turn(Lane lane, int room) {}

    private final Limits limits;
    private final Map<String, Lane> lanes = new HashMap<>();
    private final Shares shares;
    private final LongSupplier nanoTime;
    private final Map<TenantId, Line> lines = new HashMap<>();
    /** Tenants with lanes that wait, who is next first. */
    private final LinkedHashSet<TenantId> waiting = new LinkedHashSet<>();

    private int inFlight;
    private int slowInFlight;
    private boolean closed;

    /** @param nanoTime as {@link System#nanoTime} */
    Turns(Limits limits, Shares shares, LongSupplier nanoTime) {
        this.limits = limits;
        this.shares = shares;
        this.nanoTime = nanoTime;
    }

    /** Says that an endpoint may have something due. */
    synchronized void wake(String endpoint, TenantId tenant) {
        Lane lane = lanes.computeIfAbsent(endpoint, id -> new Lane(id, tenant));
        lane.more = true;
        enqueue(lane);
    }

    /** After a recovery: begin with one at a time. */
    synchronized void ramp(String endpoint) {
        Lane lane = lanes.get(endpoint);
        if (lane != null) {
            lane.ramp = 1;
        }
    }

    private void enqueue(Lane lane) {
        if (lane.more && !lane.waiting && !lane.claiming && lane.inFlight < lane.cap(limits)) {
            lane.waiting = true;
            line(lane.tenant).lanes.add(lane);
            waiting.add(lane.tenant);
            notifyAll();
        }
    }

    private Line line(TenantId tenant) {
        return lines.computeIfAbsent(tenant, t -> new Line(() -> shares.of(t), nanoTime.getAsLong()));
    }

    /** Waits for a turn; empty once closed. What it gives room for is counted as in flight until said otherwise. */
    synchronized Optional<Turn> next() throws InterruptedException {
        while (!closed) {
            Turn turn = pick();
            if (turn != null) {
                return Optional.of(turn);
            }
            wait(millisToRoom());
        }
        return Optional.empty();
    }

    private @Nullable Turn pick() {
        int free = limits.total() - inFlight;
        if (free <= 0) {
            return null;
        }
        long nanos = nanoTime.getAsLong();
        for (TenantId tenant : waiting) {
            if (shares.isSuspended(tenant)) {
                continue;
            }
            Line line = line(tenant);
            int share = Math.min(free, line.room(nanos));
            for (Lane lane : line.lanes) {
                int room = Math.min(share, lane.cap(limits) - lane.inFlight);
                if (lane.isSlow()) {
                    room = Math.min(room, limits.slow() - slowInFlight);
                }
                if (room > 0) {
                    line.lanes.remove(lane);
                    line.take(room);
                    // a tenant with more goes to the end of the line
                    waiting.remove(tenant);
                    if (!line.lanes.isEmpty()) {
                        waiting.add(tenant);
                    }
                    lane.waiting = false;
                    lane.claiming = true;
                    lane.more = false;
                    count(lane, room);
                    return new Turn(lane, room);
                }
            }
        }
        return null;
    }

    /** How long until a tenant's rate may leave it room; 0, for ever, when it is not rates that are waited for. */
    private long millisToRoom() {
        long nanos = nanoTime.getAsLong();
        return waiting.stream()
                .mapToLong(tenant -> shares.isSuspended(tenant)
                        ? RESUMED_NANOS
                        : line(tenant).nanosToRoom(nanos))
                .filter(wait -> wait > 0)
                .map(wait -> wait / 1_000_000 + 1)
                .min()
                .orElse(0);
    }

    private void count(Lane lane, int more) {
        lane.inFlight += more;
        inFlight += more;
        if (lane.isSlow()) {
            slowInFlight += more;
        }
    }

    /** Says how many of a turn's room were claimed. */
    synchronized void claimed(Turn turn, int count) {
        Lane lane = turn.lane();
        lane.claiming = false;
        lane.more |= count == turn.room();
        line(lane.tenant).take(count - turn.room());
        count(lane, count - turn.room());
        after(lane);
    }

    /** Says that a claimed delivery was tried. */
    synchronized void tried(Lane lane, long nanos, boolean success) {
        count(lane, -1);
        boolean wasSlow = lane.isSlow();
        lane.answered(nanos, limits);
        if (wasSlow != lane.isSlow()) {
            slowInFlight += lane.isSlow() ? lane.inFlight : -lane.inFlight;
        }
        if (lane.ramp != Integer.MAX_VALUE) {
            lane.ramp = success ? lane.ramp + 1 : Math.max(1, lane.ramp / 2);
            if (lane.ramp > limits.perEndpoint()) {
                lane.ramp = Integer.MAX_VALUE;
            }
        }
        after(lane);
    }

    private void after(Lane lane) {
        if (lane.inFlight <= lane.cap(limits) / 2) {
            enqueue(lane);
        }
        if (lane.isIdle() && lanes.size() > REMEMBERED) {
            lanes.remove(lane.endpoint, lane);
        }
        if (lines.size() > REMEMBERED && line(lane.tenant).isFull(nanoTime.getAsLong())) {
            lines.remove(lane.tenant);
        }
        notifyAll();
    }

    synchronized int inFlight() {
        return inFlight;
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
