package dev.gatehouse.webhooks.delivery;

import dev.gatehouse.webhooks.Attempt;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A delivery that was tried.
 *
 * @param retryAfter what the receiver asked for; null when it asked for nothing
 * @param response what came of it
 */
public record Finished(Due due, Instant at, @Nullable Duration retryAfter, Response response) {

    /**
     * What an attempt brought.
     *
     * @param error null for a success
     */
    public record Response(
            @Nullable Integer status,
            @Nullable String error,
            @Nullable String detail,
            @Nullable String address,
            Attempt.Timing timing,
            String requestHeaders,
            String responseHeaders,
            String body) {}

    /** {@link Response#error} of an attempt that could not be made, for a reason on this side. */
    static final String OURS = "not_made";

    /** Whether it says nothing about the receiver. */
    boolean isOurs() {
        return OURS.equals(response.error());
    }

    public boolean isSuccess() {
        return response.error() == null;
    }
}
