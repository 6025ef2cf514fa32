package dev.gatehouse.directory.change;

import dev.gatehouse.kernel.problem.FieldError;
import dev.gatehouse.kernel.problem.Problem;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import java.util.List;

/** Why changes are refused, in words. */
public final class Refusals {
    private Refusals() {}

    /** @param name as it was given; shown shortened */
    public static ProblemException notFound(String what, String name) {
        String shown = name.length() <= 64 ? name : name.substring(0, 61) + "...";
        return new ProblemException(ProblemCode.NOT_FOUND, "There is no " + what + " \"" + shown + "\".");
    }

    public static ProblemException refused(String field, String message) {
        return Problem.of(
                        ProblemCode.REFUSED,
                        "Nothing was changed: " + field + " " + message + ".",
                        List.of(new FieldError(field, message)))
                .asException();
    }

    public static ProblemException conflict(String field, String message) {
        return Problem.of(
                        ProblemCode.CONFLICT,
                        "Nothing was changed: " + field + " " + message + ".",
                        List.of(new FieldError(field, message)))
                .asException();
    }
}
