package dev.gatehouse.gateway.turn;

import dev.gatehouse.kernel.id.TenantId;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Lets calls into one pool: at once while it has room, and in turn when it has none. Shared by all event loops.
 *
 * <p><b>Room.</b> A tenant may take another place while it holds at most twice as many as are free, in proportion to its
 * weight beside the heaviest tenant that waits (the dynamic threshold of Choudhury and Hahne, 1998). So one tenant alone
 * gets two thirds of the limit however much it sends, two get two fifths each, and there is always room into which a quiet
 * tenant's call steps without waiting. The first place of a tenant needs only a free one.
 *
 * <p><b>Turn.</b> Of the waiting tenants that may take a place, the one whose turn is due goes first; a turn moves its next
 * one on by 1/weight (stride scheduling). A tenant that comes back after a pause starts at the present: it can neither
 * save turns up nor be held back by old ones. Within a tenant, first come, first served.
 *
 * <p>While nobody waits, entering and leaving are two atomic additions each. Only when somebody does, a lock is taken; it
 * is held for a walk over the waiting tenants.
 */
public final class Turnstile {
    private static final int SHARE = 2;

    private final Map<TenantId, Lane> lanes = new ConcurrentHashMap<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger mostInFlight = new AtomicInteger();
    private final AdaptiveLimit adaptive = new AdaptiveLimit();
    private final int fixed;
    private volatile int limit;

    // what follows is guarded by this
    private final Set<Lane> queue = new LinkedHashSet<>();
    private double present;

    /** @param fixed calls at once; 0 lets the limit adapt to what the pool bears */
    public Turnstile(int fixed) {
        this.fixed = fixed;
        limit = fixed > 0 ? fixed : adaptive.value();
    }

    /** Calls that may be with the pool at once, now. */
    public int limit() {
        return limit;
    }

    public int inFlight() {
        return inFlight.get();
    }

    /** Calls that wait for their turn. */
    public int waiting() {
        return waiting.get();
    }

    /** A tenant's call of this operation took so long, from the request to the answer's head. */
    public void took(TenantId tenant, String operation, int status, long nanos) {
        if (fixed == 0) {
            lane(tenant).limit.took(operation, status, nanos);
        }
    }

    /** A target could not be reached, or did not answer a call of the tenant in time. */
    public void failed(TenantId tenant) {
        if (fixed == 0) {
            lane(tenant).limit.failed();
        }
    }

    /** Ends a window of 100 ms: moves the limits, and lets in whom that gives room. */
    public void endWindow() {
        if (fixed == 0) {
            adapt();
        }
        if (waiting.get() > 0) {
            synchronized (this) {
                letIn();
            }
        }
    }

    private void adapt() {
        int most = mostInFlight.getAndSet(inFlight.get());
        PoolState state = adaptive.stateOf(most);
        int unwell = 0;
        int usual = 0;
        double shown = 0;
        for (Lane lane : lanes.values()) {
            int own = lane.mostInFlight.getAndSet(lane.inFlight.get());
            switch (lane.limit.endWindow(own, most, state)) {
                case NOTHING -> {}
                case AT_USUAL -> usual++;
                case SLOW, FAILING -> unwell++;
            }
            shown += lane.limit.shown();
        }
        limit = adaptive.adapt(unwell, usual, shown, most);
    }

    Lane lane(TenantId tenant) {
        Lane lane = lanes.get(tenant);
        return lane != null ? lane : lanes.computeIfAbsent(tenant, t -> new Lane());
    }

    /** Takes a place when there is room and nobody waits who could take it. */
    boolean tryEnter(Lane lane, int weight) {
        if (waiting.get() > 0) {
            return tryPassing(lane, Math.max(1, weight));
        }
        int total = inFlight.incrementAndGet();
        int own = lane.inFlight.incrementAndGet();
        if (own <= lane.limit.value() && hasRoom(own, total, 1, 1)) {
            noteMost(lane, own, total);
            return true;
        }
        lane.inFlight.decrementAndGet();
        inFlight.decrementAndGet();
        return false;
    }

    /** Whoever waits has no room left for it, so that one of a tenant that has room passes by. */
    private synchronized boolean tryPassing(Lane lane, int weight) {
        letIn();
        int total = inFlight.get() + 1;
        if (!lane.waiting.isEmpty()
                || lane.inFlight.get() >= lane.limit.value()
                || !hasRoom(lane.inFlight.get() + 1, total, weight, Math.max(weight, heaviestWaiting()))) {
            return false;
        }
        noteMost(lane, lane.inFlight.incrementAndGet(), inFlight.incrementAndGet());
        return true;
    }

    /** Waits for a place; the passage is told when it has one, perhaps before this returns. */
    synchronized void await(Lane lane, Passage passage, int weight) {
        lane.weight = Math.max(1, weight);
        if (lane.waiting.isEmpty()) {
            lane.nextTurn = Math.max(lane.nextTurn, present);
            queue.add(lane);
        }
        lane.waiting.add(passage);
        waiting.incrementAndGet();
        letIn();
    }

    /** Stops waiting; false when the passage has got its place meanwhile. */
    synchronized boolean cancel(Lane lane, Passage passage) {
        if (!lane.waiting.remove(passage)) {
            return false;
        }
        waiting.decrementAndGet();
        if (lane.waiting.isEmpty()) {
            queue.remove(lane);
        }
        letIn();
        return true;
    }

    /** Takes a place without asking, for a call that had given its own back while its client was slow. */
    void reenter(Lane lane) {
        noteMost(lane, lane.inFlight.incrementAndGet(), inFlight.incrementAndGet());
    }

    void leave(Lane lane) {
        lane.inFlight.decrementAndGet();
        inFlight.decrementAndGet();
        // whoever began to wait before this reads the places as they are now, or is seen here
        if (waiting.get() > 0) {
            synchronized (this) {
                letIn();
            }
        }
    }

    private void letIn() {
        while (waiting.get() > 0 && inFlight.get() < limit) {
            Lane next = next();
            if (next == null) {
                return;
            }
            Passage passage = next.waiting.remove();
            waiting.decrementAndGet();
            noteMost(next, next.inFlight.incrementAndGet(), inFlight.incrementAndGet());
            present = next.nextTurn;
            next.nextTurn += 1.0 / next.weight;
            if (next.waiting.isEmpty()) {
                queue.remove(next);
            }
            passage.poolLetsIn();
        }
    }

    private @Nullable Lane next() {
        int heaviest = heaviestWaiting();
        Lane first = null;
        int total = inFlight.get() + 1;
        for (Lane lane : queue) {
            if (lane.inFlight.get() < lane.limit.value()
                    && hasRoom(lane.inFlight.get() + 1, total, lane.weight, heaviest)
                    && (first == null || lane.nextTurn < first.nextTurn)) {
                first = lane;
            }
        }
        return first;
    }

    private int heaviestWaiting() {
        int heaviest = 1;
        for (Lane lane : queue) {
            heaviest = Math.max(heaviest, lane.weight);
        }
        return heaviest;
    }

    /** Whether a tenant may hold {@code own} of {@code total} places taken, both counted with the one that it wants. */
    private boolean hasRoom(int own, int total, int weight, int heaviest) {
        int free = limit - total + 1;
        return free > 0 && (own == 1 || (long) own * heaviest <= (long) SHARE * weight * free);
    }

    private void noteMost(Lane lane, int own, int total) {
        lane.noteMost(own);
        if (total > mostInFlight.get()) {
            mostInFlight.accumulateAndGet(total, Math::max);
        }
    }
}
