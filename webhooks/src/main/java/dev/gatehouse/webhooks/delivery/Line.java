package dev.gatehouse.webhooks.delivery;

import dev.gatehouse.webhooks.Shares.Share;
import java.util.ArrayDeque;
import java.util.function.Supplier;

/** A tenant in line: its lanes that wait, and how much it may begin now. Guarded by the lock of {@link Turns}. */
final class Line {
    final ArrayDeque<Lane> lanes = new ArrayDeque<>();
    private final Supplier<Share> share;
    private double tokens;
    private long filledAt;

    /** @param share asked each time: a tenant's plan may change while it waits */
    Line(Supplier<Share> share, long nanos) {
        this.share = share;
        this.tokens = share.get().perSecond();
        this.filledAt = nanos;
    }

    /** Deliveries of one turn, by the tenant's weight and what is left of its rate. */
    int room(long nanos) {
        fill(nanos);
        return (int) Math.min(tokens, (double) Turns.CHUNK * share.get().weight());
    }

    /** @param count of deliveries that were begun; negative for those that there was nothing to begin with */
    void take(int count) {
        tokens = Math.min(tokens - count, share.get().perSecond());
    }

    /** Until the rate leaves room for one. */
    long nanosToRoom(long nanos) {
        fill(nanos);
        return tokens >= 1
                ? 0
                : (long) Math.ceil((1 - tokens) * 1_000_000_000L / share.get().perSecond());
    }

    /** Whether nothing would be forgotten with it. */
    boolean isFull(long nanos) {
        fill(nanos);
        return lanes.isEmpty() && tokens >= share.get().perSecond();
    }

    private void fill(long nanos) {
        tokens = Math.min(
                share.get().perSecond(),
                tokens + (nanos - filledAt) / 1e9 * share.get().perSecond());
        filledAt = nanos;
    }
}
