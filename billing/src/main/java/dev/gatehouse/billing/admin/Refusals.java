package dev.gatehouse.billing.admin;

import dev.gatehouse.billing.price.PriceFault;
import dev.gatehouse.kernel.problem.FieldError;
import dev.gatehouse.kernel.problem.Problem;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import java.util.List;

/** Why changes are refused, in words. */
final class Refusals {
    private Refusals() {}

    static ProblemException notFound(String what, String name) {
        String shown = name.length() <= 64 ? name : name.substring(0, 61) + "...";
        return new ProblemException(ProblemCode.NOT_FOUND, "There is no " + what + " \"" + shown + "\".");
    }

    static ProblemException refused(String field, String message) {
        return Problem.of(
                        ProblemCode.REFUSED,
                        "Nothing was changed: " + field + " " + message + ".",
                        List.of(new FieldError(field, message)))
                .asException();
    }

    static ProblemException of(PriceFault fault) {
        return Problem.of(
                        ProblemCode.REFUSED,
                        "These prices cannot be taken. Nothing was changed. See errors.",
                        fault.errors())
                .asException();
    }

    static ProblemException otherRequest() {
        return new ProblemException(
                ProblemCode.IDEMPOTENCY_MISMATCH,
                "This Idempotency-Key came with another request before. Nothing was changed: use a new key for a new change.");
    }
}
