package dev.gatehouse.runtime.scope;

import java.util.Optional;
import org.slf4j.MDC;

/** The request that the current thread works for: its id stands in every log line and SQL statement it causes. */
public final class RequestScope {
    private static final ScopedValue<String> REQUEST_ID = ScopedValue.newInstance();

    private RequestScope() {}

    /** Runs {@code work} as part of the request. */
    public static <T, X extends Throwable> T call(String requestId, ScopedValue.CallableOp<T, X> work) throws X {
        return ScopedValue.where(REQUEST_ID, requestId).call(() -> {
            MDC.put("requestId", requestId);
            try {
                return work.call();
            } finally {
                MDC.remove("requestId");
            }
        });
    }

    public static Optional<String> requestId() {
        return REQUEST_ID.isBound() ? Optional.of(REQUEST_ID.get()) : Optional.empty();
    }
}
