package dev.gatehouse.webhooks.delivery;

import dev.gatehouse.kernel.id.TenantId;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is. Tenants take turns, however many endpoints or deliveries each has; a tenant's endpoints take its turns
 * one after another. An endpoint never has more in flight than its cap, and slow endpoints together never more than their
 * share, so that the rest always finds room. Backlogs stay in the database: here is only who has one.
 */
final class Turns {
    /** Deliveries of one turn. */
    static final int CHUNK = 32;

    /** Idle endpoints whose pace is kept in mind. */
    private static final int REMEMBERED = 10_000;

    /** Leave to claim. @param room deliveries at the most */
    record Turn(Lane lane, int room) {}

    private final Limits limits;
    private final Map<String, Lane> lanes = new HashMap<>();
    private final LinkedHashMap<TenantId, ArrayDeque<Lane>> waiting = new LinkedHashMap<>();
    private int inFlight;
    private int slowInFlight;
    private boolean closed;

    Turns(Limits limits) {
        this.limits = limits;
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
            waiting.computeIfAbsent(lane.tenant, t -> new ArrayDeque<>()).add(lane);
            notifyAll();
        }
    }

    /** Waits for a turn; empty once closed. What it gives room for is counted as in flight until said otherwise. */
    synchronized Optional<Turn> next() throws InterruptedException {
        while (!closed) {
            Turn turn = pick();
            if (turn != null) {
                return Optional.of(turn);
            }
            wait();
        }
        return Optional.empty();
    }

    private @Nullable Turn pick() {
        int free = limits.total() - inFlight;
        if (free <= 0) {
            return null;
        }
        Iterator<Map.Entry<TenantId, ArrayDeque<Lane>>> tenants =
                waiting.entrySet().iterator();
        while (tenants.hasNext()) {
            Map.Entry<TenantId, ArrayDeque<Lane>> tenant = tenants.next();
            ArrayDeque<Lane> queue = tenant.getValue();
            for (Lane lane : queue) {
                int room = Math.min(Math.min(free, CHUNK), lane.cap(limits) - lane.inFlight);
                if (lane.isSlow()) {
                    room = Math.min(room, limits.slow() - slowInFlight);
                }
                if (room > 0) {
                    queue.remove(lane);
                    tenants.remove();
                    if (!queue.isEmpty()) {
                        // the tenant goes to the end of the line
                        waiting.put(tenant.getKey(), queue);
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
