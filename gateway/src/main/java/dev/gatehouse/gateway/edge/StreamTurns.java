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
 * they waited are dropped unseen. An owner whose calls are refused one after another is held ({@link #hold}): its streams are
 * taken up at the pace of refusals. Belongs to one event loop.
 *
 * <p>A waiting stream is open, so that the streams that a connection may have bound the queue.
 */
final class StreamTurns {
    /** Of one owner in one pass, without waiting. */
    static final int AT_ONCE = 8;

    static final long PASS_NANOS = 500_000;

    private final LongSupplier nanoTime;
    private final Timer timer;
    private final Map<Object, Lane> lanes = new HashMap<>();
    private final Queue<Lane> order = new ArrayDeque<>();
    private Due due = Due.NOT;
    private int passes;

    /**
     * @param nanoTime as {@link System#nanoTime}
     * @param timer of the event loop
     */
    StreamTurns(LongSupplier nanoTime, Timer timer) {
        this.nanoTime = nanoTime;
        this.timer = timer;
    }

    /** Runs actions on the event loop. */
    @FunctionalInterface
    interface Timer {
        /** @param nanos 0 for the loop's next pass, after it has read what has come */
        void after(long nanos, Runnable action);
    }

    /** When the next pass is. */
    private enum Due {
        NOT,
        NOW,
        LATER
    }

    /** Whether a stream is still there, and what takes it up. */
    private record Waiting(BooleanSupplier isOpen, Runnable start) {}

    private static final class Lane {
        private final Queue<Waiting> waiting = new ArrayDeque<>();
        private int taken;
        private long heldNanos;
        private long heldSince;

        /** Nanoseconds for which it is still held. */
        long rest(long now) {
            return Math.max(0, heldNanos - (now - heldSince));
        }

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
        if (due != Due.NOW) {
            schedule(0);
        }
        if (!lane.waiting.isEmpty() || lane.taken == AT_ONCE || lane.rest(nanoTime.getAsLong()) > 0) {
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

    /** Takes up none of the owner's streams for so long. */
    void hold(Object owner, long nanos) {
        Lane lane = lanes.computeIfAbsent(owner, o -> new Lane());
        lane.heldSince = nanoTime.getAsLong();
        lane.heldNanos = nanos;
    }

    private void schedule(long nanos) {
        int id = ++passes;
        due = nanos == 0 ? Due.NOW : Due.LATER;
        timer.after(nanos, () -> {
            // one that was meant for later may have been overtaken
            if (id == passes) {
                pass();
            }
        });
    }

    private void pass() {
        due = Due.NOT;
        long start = nanoTime.getAsLong();
        lanes.values().removeIf(lane -> lane.waiting.isEmpty() && lane.rest(start) == 0);
        lanes.values().forEach(lane -> lane.taken = 0);
        try {
            takeUpSome(start);
        } finally {
            if (!order.isEmpty()) {
                long now = nanoTime.getAsLong();
                schedule(order.stream().mapToLong(lane -> lane.rest(now)).min().orElse(0));
            }
        }
    }

    private void takeUpSome(long start) {
        long now = start;
        int held = 0;
        while (held < order.size() && now - start < PASS_NANOS) {
            if (order.element().rest(now) > 0) {
                order.add(order.remove());
                held++;
            } else {
                takeUpOne();
                held = 0;
                now = nanoTime.getAsLong();
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
