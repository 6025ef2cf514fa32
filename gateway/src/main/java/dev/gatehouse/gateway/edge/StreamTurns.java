package dev.gatehouse.gateway.edge;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When the streams of HTTP/2 connections are taken up. A hundred may come in one packet, and many connections' packets in
 * one pass of the event loop; whatever comes on other connections meanwhile would wait for all of them. So an owner's first
 * few in a pass are taken up at once, and the rest wait in its queue: each later pass takes one of each owner in turn, as
 * long as {@link #PASS_NANOS} last, and lets the loop read what else has come in between. Streams that were reset while
 * they waited are dropped unseen. Belongs to one event loop.
 *
 * <p>A waiting stream is open, so that the streams that a connection may have bound the queue.
 */
final class StreamTurns {
    /** Of one owner in one pass, without waiting. */
    static final int AT_ONCE = 8;

    static final long PASS_NANOS = 500_000;

    private final LongSupplier nanoTime;
    private final Runnable nextPass;
    private final Map<Object, Lane> lanes = new HashMap<>();
    private final Queue<Lane> order = new ArrayDeque<>();
    private boolean passIsDue;

    /**
     * @param nanoTime as {@link System#nanoTime}
     * @param nextPass has {@link #pass()} called in the loop's next pass, after it has read what has come
     */
    StreamTurns(LongSupplier nanoTime, Runnable nextPass) {
        this.nanoTime = nanoTime;
        this.nextPass = nextPass;
    }

    /** Whether a stream is still there, and what takes it up. */
    private record Waiting(BooleanSupplier isOpen, Runnable start) {}

    private static final class Lane {
        private final Queue<Waiting> waiting = new ArrayDeque<>();
        private int taken;

        @Nullable
        Waiting next() {
            Waiting next = waiting.poll();
            while (next != null && !next.isOpen.getAsBoolean()) {
                next = waiting.poll();
            }
            return next;
        }
    }

    /**
     * Whether the owner's next stream may be taken up now; otherwise it is to be handed to {@link #await}.
     *
     * @param owner a tenant, or an address while no tenant is known
     */
    boolean mayBegin(Object owner) {
        Lane lane = lanes.computeIfAbsent(owner, o -> new Lane());
        if (!passIsDue) {
            passIsDue = true;
            nextPass.run();
        }
        if (!lane.waiting.isEmpty() || lane.taken == AT_ONCE) {
            return false;
        }
        lane.taken++;
        return true;
    }

    /** Takes the stream up in its owner's turn, if it is still open then. */
    void await(Object owner, BooleanSupplier isOpen, Runnable start) {
        Lane lane = lanes.computeIfAbsent(owner, o -> new Lane());
        if (lane.waiting.isEmpty()) {
            order.add(lane);
        }
        lane.waiting.add(new Waiting(isOpen, start));
    }

    /** The loop has come round. */
    void pass() {
        passIsDue = false;
        lanes.values().removeIf(lane -> lane.waiting.isEmpty());
        lanes.values().forEach(lane -> lane.taken = 0);
        long start = nanoTime.getAsLong();
        try {
            while (!order.isEmpty() && nanoTime.getAsLong() - start < PASS_NANOS) {
                takeUpOne();
            }
        } finally {
            if (!order.isEmpty() && !passIsDue) {
                passIsDue = true;
                nextPass.run();
            }
        }
    }

    private void takeUpOne() {
        Lane lane = order.remove();
        Waiting next = lane.next();
        if (!lane.waiting.isEmpty()) {
            order.add(lane);
        }
        if (next != null) {
            next.start.run();
        }
    }

    /** Streams that wait. */
    int waiting() {
        return order.stream().mapToInt(lane -> lane.waiting.size()).sum();
    }
}
