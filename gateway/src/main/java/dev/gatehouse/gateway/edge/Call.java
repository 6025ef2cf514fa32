package dev.gatehouse.gateway.edge;

import dev.gatehouse.gateway.admit.Admission;
import dev.gatehouse.gateway.report.KeyMask;
import dev.gatehouse.gateway.route.Operation;
import dev.gatehouse.gateway.route.RequestTarget;
import dev.gatehouse.gateway.standing.Standing;
import dev.gatehouse.kernel.problem.ProblemCode;
import io.opentelemetry.api.trace.Span;
import org.jspecify.annotations.Nullable;

/** What becomes known of a call while it is served, for the log and the usage event. */
final class Call {
    final String requestId;
    final @Nullable String clientRequestId;
    final String method;
    /** In its normal form; as it came when it has none. */
    final String path;

    final @Nullable String query;
    final long startMillis;
    final long startNanos;

    String address = "";
    String service = "";
    int prefixLength;

    @Nullable
    Standing standing;

    @Nullable
    Operation operation;

    @Nullable
    Admission admission;

    @Nullable
    ProblemCode code;

    /** What the refusal says; empty while there is none. */
    String detail = "";

    /** As the refusal says; below zero when it does not. */
    long retryAfterSeconds = -1;

    /** Null while nobody takes spans. */
    @Nullable
    Span span;

    @Nullable
    String upstream;

    long upstreamNanos;
    long responseBytes;
    int status;

    /** The cost that the service stated; below zero while it has stated none. */
    long statedCost = -1;

    Call(
            String requestId,
            @Nullable String clientRequestId,
            String method,
            RequestTarget target,
            long startMillis,
            long startNanos) {
        this.requestId = requestId;
        this.clientRequestId = clientRequestId;
        this.method = method;
        switch (target) {
            case RequestTarget.Normal normal -> {
                path = normal.path();
                query = normal.query();
            }
            case RequestTarget.Malformed malformed -> {
                path = malformed.path();
                query = null;
            }
        }
        this.startMillis = startMillis;
        this.startNanos = startNanos;
    }

    /** The query as it may be kept and shown. */
    @Nullable
    String shownQuery() {
        return query == null ? null : KeyMask.of(query);
    }

    /** The path as it may be kept and shown. */
    String shownPath() {
        return KeyMask.of(path);
    }

    /** The standing of a caller that has been authenticated. */
    Standing knownStanding() {
        Standing known = standing;
        if (known == null) {
            throw new IllegalStateException("the caller is not known yet");
        }
        return known;
    }
}
