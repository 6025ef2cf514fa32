package dev.gatehouse.gateway.report;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.usage.Completion;
import dev.gatehouse.kernel.usage.UsageEvent;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Takes down what happened on one event loop: each loop is a producer of its own and calls only its own recorder, so
 * nothing is locked. No method blocks.
 */
public interface UsageRecorder {
    /** Who makes the events, at most 64 characters; unique to the event loop and the same after a restart. */
    String producer();

    /** Rises with every start of the producer. */
    long epoch();

    /** The next number of the dense sequence, from 1. Each number that was taken must be appended. */
    long nextSeq();

    /** Called before the answer's last byte is sent. */
    void append(UsageEvent event);

    /**
     * Called once it is known whether the last byte of an appended event's answer was sent, when the event said that the
     * answer is complete. An event that is never confirmed counts as unknown, and is not billed, after a restart.
     *
     * @param completion {@code COMPLETE}, or how the client went away
     */
    default void confirm(long seq, Completion completion) {}

    /**
     * Counts a call that was not let in.
     *
     * @param tenant null while the caller is unknown
     * @param key null while the caller is unknown
     * @param code the problem's code, as in {@code rate_limited}
     */
    void refused(@Nullable TenantId tenant, @Nullable KeyId key, String code, Instant at);

    /** Called on the event loop every 50 ms, for what is done off the answer's path. */
    default void tick(Instant now) {}

    /** Hands on what is still held; nothing is appended afterwards. */
    void close();
}
