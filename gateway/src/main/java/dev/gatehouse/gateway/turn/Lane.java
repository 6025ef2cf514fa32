package dev.gatehouse.gateway.turn;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;

/** One tenant at one pool: its calls there, and those that wait. */
final class Lane {
    final AtomicInteger inFlight = new AtomicInteger();
    final AtomicInteger mostInFlight = new AtomicInteger();
    final LaneLimit limit = new LaneLimit();

    // what follows is guarded by the turnstile
    final Deque<Passage> waiting = new ArrayDeque<>();
    int weight = 1;
    double nextTurn;

    void noteMost(int own) {
        if (own > mostInFlight.get()) {
            mostInFlight.accumulateAndGet(own, Math::max);
        }
    }
}
