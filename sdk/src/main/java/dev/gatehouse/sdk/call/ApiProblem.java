package dev.gatehouse.sdk.call;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why the API refused, as RFC 9457 states it.
 *
 * @param code stable, as in {@code quota_exceeded}
 * @param detail what happened and what to do
 * @param requestId name it when you ask for help
 */
public record ApiProblem(
        int status,
        String code,
        @Nullable String title,
        @Nullable String detail,
        @Nullable String requestId,
        List<Fault> errors) {

    /** One fault of the request. */
    public record Fault(String field, String message) {}

    @SuppressWarnings("ConstantValue") // null where JSON leaves it out
    public ApiProblem {
        code = code == null ? "http_" + status : code;
        errors = errors == null ? List.of() : List.copyOf(errors);
    }
}
