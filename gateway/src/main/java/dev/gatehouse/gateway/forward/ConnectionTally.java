package dev.gatehouse.gateway.forward;

import java.util.concurrent.atomic.LongAdder;

/** Connections to services, over all event loops. Safe for threads. */
public final class ConnectionTally {
    private final LongAdder open = new LongAdder();
    private final LongAdder doubted = new LongAdder();

    void opened() {
        open.increment();
    }

    void closed() {
        open.decrement();
    }

    void doubted() {
        doubted.increment();
    }

    /** Connections that are open, in use or idle. */
    public long open() {
        return open.sum();
    }

    /** Connections that were closed as what came on them was in doubt. */
    public long doubts() {
        return doubted.sum();
    }
}
