package dev.gatehouse.kernel.problem;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A refusal as RFC 9457 {@code application/problem+json} states it.
 *
 * @param type a URI that names the code, as in {@code urn:gatehouse:problem:quota_exceeded}
 * @param detail what happened, what it means, what to do
 * @param requestId the id under which the request is logged; null until the edge has set it
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>
 */
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        String code,
        @Nullable String requestId,
        List<FieldError> errors) {
    public static final String MEDIA_TYPE = "application/problem+json";

    public Problem {
        errors = List.copyOf(errors);
    }

    public static Problem of(ProblemCode code, String detail) {
        return of(code, detail, List.of());
    }

    public static Problem of(ProblemCode code, String detail, List<FieldError> errors) {
        return new Problem(
                "urn:gatehouse:problem:" + code.text(), code.title(), code.status(), detail, code.text(), null, errors);
    }

    public Problem withRequestId(@Nullable String id) {
        return new Problem(type, title, status, detail, code, id, errors);
    }

    public ProblemException asException() {
        return new ProblemException(this);
    }
}
