package dev.gatehouse.sdk.call;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The API answered, and not with what was asked. */
public final class RefusedException extends GatehouseException {
    private static final long serialVersionUID = 1L;

    private final transient ApiProblem problem;
    private final transient @Nullable Duration retryAfter;

    RefusedException(ApiProblem problem, @Nullable Duration retryAfter) {
        super(problem.status() + " " + problem.code() + ": " + problem.detail()
                + (problem.requestId() == null ? "" : " (request " + problem.requestId() + ")"));
        this.problem = problem;
        this.retryAfter = retryAfter;
    }

    public ApiProblem problem() {
        return problem;
    }

    /** The stable code, as in {@code not_found}. */
    public String code() {
        return problem.code();
    }

    public int status() {
        return problem.status();
    }

    /** How long to wait before the same call may be admitted, when the API said so. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
