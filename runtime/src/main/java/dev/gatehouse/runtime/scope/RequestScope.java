package dev.gatehouse.runtime.scope;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.slf4j.MDC;

/**
 * The request that the current thread works for: its id stands in every log line and, unless it is the installation's own,
 * in every SQL statement it causes.
 */
public final class RequestScope {
    private static final ScopedValue<String> REQUEST_ID = ScopedValue.newInstance();

    private static final ScopedValue<Duration> STATEMENT_LIMIT = ScopedValue.newInstance();

    private static final ScopedValue<Boolean> OWN = ScopedValue.newInstance();

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

    /**
     * Runs work that one process of the installation asks of another by itself, and no call from outside caused: there is
     * nobody to follow its id into the database, which knows statements again that do not carry one.
     */
    public static <T, X extends Throwable> T callOwn(ScopedValue.CallableOp<T, X> work) throws X {
        return ScopedValue.where(OWN, true).call(work);
    }

    /** Work for another thread, under what is bound in this one. */
    static <T> Callable<T> carried(Supplier<T> work) {
        Optional<String> requestId = requestId();
        Optional<Duration> limit = statementLimit();
        Supplier<T> named = OWN.isBound() ? () -> callOwn(work::get) : work;
        return () -> {
            if (requestId.isEmpty()) {
                return named.get();
            }
            return limit.isEmpty()
                    ? call(requestId.get(), named::get)
                    : callLimited(requestId.get(), limit.get(), named::get);
        };
    }

    /** How long an SQL statement may take here; empty when it may take as long as it needs. */
    public static Optional<Duration> statementLimit() {
        return STATEMENT_LIMIT.isBound() ? Optional.of(STATEMENT_LIMIT.get()) : Optional.empty();
    }

    /** What each SQL statement says of where it comes from. */
    public static Optional<String> statementComment() {
        return OWN.isBound() ? Optional.empty() : requestId();
    }

    public static Optional<String> requestId() {
        return REQUEST_ID.isBound() ? Optional.of(REQUEST_ID.get()) : Optional.empty();
    }
}
