package dev.gatehouse.webhooks;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One try.
 *
 * @param no from 1; those that burn no attempt (probes, parked ones) repeat the number
 * @param counted whether it counted against the schedule
 * @param error {@code timeout}, {@code dns}, {@code connect}, {@code tls}, {@code blocked}, {@code too_large}, {@code status}
 *     or {@code broken}; null when it succeeded
 * @param address that was connected to; null when none was
 * @param timing in microseconds
 * @param requestHeaders and responseHeaders as lines
 * @param responseBody at most its first 16 KB
 */
public record Attempt(
        int no,
        Instant at,
        boolean counted,
        @Nullable Integer status,
        @Nullable String error,
        @Nullable String detail,
        @Nullable String address,
        Timing timing,
        String requestHeaders,
        String responseHeaders,
        String responseBody) {

    /**
     * @param dns until the name was resolved
     * @param connect how long a new TCP connection took; next to nothing when one was at hand
     * @param tls how long the TLS handshake of a new connection took; 0 without one
     * @param firstByte from the attempt's begin until the answer's head
     * @param total from its begin to its end
     */
    public record Timing(long dns, long connect, long tls, long firstByte, long total) {}

    public boolean isSuccess() {
        return error == null;
    }
}
