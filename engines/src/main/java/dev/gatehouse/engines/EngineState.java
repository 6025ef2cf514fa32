package dev.gatehouse.engines;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a supervised engine stands.
 *
 * @param restarts how often it was started again since this process came up
 * @param lastEnd when it last ended by itself; null when it never did
 * @param note what happened to it last, in a sentence; empty when nothing did
 */
public record EngineState(
        Condition condition, int restarts, @Nullable Instant lastEnd, String note) {
    /** {@code RESTARTING} also covers the wait before the next attempt. */
    public enum Condition {
        UP,
        RESTARTING,
        STOPPED
    }
}
