package dev.gatehouse.gateway.turn;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What one tenant holds of this gateway: calls in flight, calls that wait, open event streams, connections, and how many answers
 * it gets that it does not pay for. Shared by all
 * event loops; outlives changes of the tenant's plan.
 */
public final class TenantPlaces {
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicInteger streams = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AnswerPace unpaid = AnswerPace.ofUnpaid(System.nanoTime());
    private final AnswerPace givenBack =
            new AnswerPace(AnswerPace.GIVEN_BACK_PER_SECOND, AnswerPace.GIVEN_BACK_PER_SECOND, System.nanoTime());

    // guarded by this
    private final Deque<Passage> queue = new ArrayDeque<>();

    public int inFlight() {
        return inFlight.get();
    }

    public int queued() {
        return queued.get();
    }

    public int streams() {
        return streams.get();
    }

    public int connections() {
        return connections.get();
    }

    /** When the tenant's refusals, and answers that cost nothing, go out. */
    public AnswerPace unpaid() {
        return unpaid;
    }

    /** At what pace the tenant is let in to calls that cost nothing after all, as the service fails them. */
    public AnswerPace givenBack() {
        return givenBack;
    }

    /**
     * Whether another call would be turned away now: as many are in flight and as many wait as the tenant may have. Asked
     * before anything is spent on a call, so that a flood of them costs little.
     */
    public boolean isFull(int maxConcurrent, int maxQueued) {
        return queued.get() >= maxQueued && (waiting.get() > 0 || inFlight.get() >= Math.max(1, maxConcurrent));
    }

    /** Counts another connection; false, and not counted, when the tenant has this many already. */
    public boolean connect(int most) {
        return takeOne(connections, most);
    }

    public void disconnect() {
        connections.decrementAndGet();
    }

    boolean tryEnter(int most) {
        return waiting.get() == 0 && takeOne(inFlight, most);
    }

    /** Counts a call that waits, here or at a pool; false when that many wait already. */
    boolean queue(int most) {
        return takeOne(queued, most);
    }

    void unqueue() {
        queued.decrementAndGet();
    }

    boolean openStream(int most) {
        return takeOne(streams, most);
    }

    void closeStream() {
        streams.decrementAndGet();
    }

    /** Waits until the tenant has fewer calls in flight; the passage is told, perhaps before this returns. */
    synchronized void await(Passage passage) {
        queue.add(passage);
        waiting.incrementAndGet();
        letIn();
    }

    /** Stops waiting; false when the passage was let in meanwhile. */
    synchronized boolean cancel(Passage passage) {
        if (queue.remove(passage)) {
            waiting.decrementAndGet();
            return true;
        }
        return false;
    }

    void leave() {
        inFlight.decrementAndGet();
        if (waiting.get() > 0) {
            synchronized (this) {
                letIn();
            }
        }
    }

    private void letIn() {
        Passage first;
        while ((first = queue.peek()) != null && takeOne(inFlight, first.maxConcurrent())) {
            queue.remove();
            waiting.decrementAndGet();
            first.tenantLetsIn();
        }
    }

    private static boolean takeOne(AtomicInteger count, int most) {
        if (count.incrementAndGet() <= most) {
            return true;
        }
        count.decrementAndGet();
        return false;
    }
}
