package dev.gatehouse.runtime.scope;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.slf4j.MDC;

/** The request that the current thread works for: its id stands in every log line and SQL statement it causes. */
public final class RequestScope {
    private static final ScopedValue<String> REQUEST_ID = ScopedValue.newInstance();

    private static final ScopedValue<Duration> STATEMENT_LIMIT = ScopedValue.newInstance();

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

    /**
     * As {@link #call}, for a request whose sender must not hold the database.
     *
     * @param statementLimit how long each SQL statement of the request may take
     */
    public static <T, X extends Throwable> T callLimited(
            String requestId, Duration statementLimit, ScopedValue.CallableOp<T, X> work) throws X {
        return ScopedValue.where(STATEMENT_LIMIT, statementLimit).call(() -> call(requestId, work));
    }

    /** Work for another thread, under what is bound in this one. */
    static <T> Callable<T> carried(Supplier<T> work) {
        Optional<String> requestId = requestId();
        Optional<Duration> limit = statementLimit();
        return () -> {
            if (requestId.isEmpty()) {
                return work.get();
            }
            return limit.isEmpty()
                    ? call(requestId.get(), work::get)
                    : callLimited(requestId.get(), limit.get(), work::get);
        };
    }

    /** How long an SQL statement may take here; empty when it may take as long as it needs. */
    public static Optional<Duration> statementLimit() {
        return STATEMENT_LIMIT.isBound() ? Optional.of(STATEMENT_LIMIT.get()) : Optional.empty();
    }

    public static Optional<String> requestId() {
        return REQUEST_ID.isBound() ? Optional.of(REQUEST_ID.get()) : Optional.empty();
    }
}
