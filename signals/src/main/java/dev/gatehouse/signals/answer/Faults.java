package dev.gatehouse.signals.answer;

import dev.gatehouse.kernel.area.Area;
import dev.gatehouse.kernel.problem.FieldError;
import dev.gatehouse.kernel.problem.Problem;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import java.util.List;

/** Refusals, and what would be right instead. */
final class Faults {
    static final String AREA_FORM = "must be an area as in county:lucas-oh, zip:43604, city:toledo-oh or geohash:dpm5;"
            + " counties and cities carry their state";

    private Faults() {}

    static ProblemException parameter(String field, String message) {
        return Problem.of(
                        ProblemCode.INVALID_PARAMETERS,
                        "Not valid: " + field + ". See errors for each.",
                        List.of(new FieldError(field, message)))
                .asException();
    }

    static ProblemException body(List<FieldError> faults) {
        return Problem.of(ProblemCode.INVALID_BODY, "The alert cannot be saved as it is. See errors for each.", faults)
                .asException();
    }

    static ProblemException unknown(Area area, List<String> nearest) {
        String near = nearest.isEmpty()
                ? "No area is known yet: figures begin with the first home."
                : "Nearest: " + String.join(", ", nearest) + ".";
        return Problem.of(
                        ProblemCode.NOT_FOUND,
                        "No home was ever seen in " + area.text() + ". " + near,
                        nearest.stream()
                                .map(name -> new FieldError("area", "did you mean " + name + "?"))
                                .toList())
                .asException();
    }

    static ProblemException noAlert() {
        return new ProblemException(
                ProblemCode.NOT_FOUND, "There is no alert with this id among yours. List them at /v2/alerts.");
    }
}
