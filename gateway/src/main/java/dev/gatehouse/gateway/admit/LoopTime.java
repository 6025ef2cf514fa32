package dev.gatehouse.gateway.admit;

/**
 * Time as an event loop has it: while the loop is held up (a pause of the JVM, a busy machine), it stands still. What lies
 * in a socket, unread, is not late by it.
 */
final class LoopTime {
    private final long everyNanos;
    private long tickedNanos;
    private long heldUpNanos;
    private long lateNanos;

    /** @param everyNanos how often the loop ticks when nothing holds it up */
    LoopTime(long everyNanos, long nowNanos) {
        this.everyNanos = everyNanos;
        this.tickedNanos = nowNanos;
    }

    void tick(long nowNanos) {
        lateNanos = Math.max(0, nowNanos - tickedNanos - everyNanos);
        heldUpNanos += lateNanos;
        tickedNanos = nowNanos;
    }

    /** How late the last tick was. */
    long lateNanos() {
        return lateNanos;
    }

    /** The loop's time at a moment of the machine's. */
    long at(long nowNanos) {
        return nowNanos - heldUpNanos;
    }
}
