package dev.gatehouse.runtime.api;

import dev.gatehouse.kernel.problem.FieldError;
import dev.gatehouse.kernel.problem.Problem;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The versions for which a change was asked ({@code If-Match}). Whoever sends none changes whatever is there.
 *
 * @param versions any of which will do; empty for no condition
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1">RFC 9110, section 13.1.1</a>
 */
public record Precondition(List<Long> versions) {
    /** Whatever the version is. */
    public static final Precondition NONE = new Precondition(List.of());

    private static final String HEADER = "If-Match";
    private static final int LONGEST = 500;
    private static final Pattern TAG = Pattern.compile("\\s*(W/)?\"([\\x21\\x23-\\x7e]*)\"\\s*(,|$)");
    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,17}");

    public Precondition {
        versions = List.copyOf(versions);
    }

    /** @throws ProblemException 400 when the header is no list of entity tags */
    public static Precondition of(ApiCall call) {
        List<String> lines = call.request().headers().getOrDefault("if-match", List.of());
        return lines.isEmpty() ? NONE : parse(String.join(",", lines));
    }

    static Precondition parse(String text) {
        if (text.strip().equals("*")) {
            return NONE;
        }
        if (text.length() > LONGEST) {
            throw malformed();
        }
        Matcher tag = TAG.matcher(text);
        List<Long> versions = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            if (!tag.find(at) || tag.start() != at) {
                throw malformed();
            }
            // a weak tag matches nothing here, and a tag that is none of ours is a version that never was
            boolean ours = tag.group(1) == null && VERSION.matcher(tag.group(2)).matches();
            versions.add(ours ? Long.parseLong(tag.group(2)) : 0L);
            at = tag.end();
        }
        if (text.stripTrailing().endsWith(",") || versions.isEmpty()) {
            throw malformed();
        }
        return new Precondition(versions);
    }

    private static ProblemException malformed() {
        return Problem.of(
                        ProblemCode.INVALID_PARAMETERS,
                        "The If-Match header cannot be used.",
                        List.of(new FieldError(
                                HEADER, "must be the ETag of an answer as it was sent, such as \"3\", or *")))
                .asException();
    }

    /** @throws ProblemException 412 when the resource has another version */
    public void check(long version) {
        if (!versions.isEmpty() && !versions.contains(version)) {
            throw new ProblemException(
                    ProblemCode.PRECONDITION_FAILED,
                    "This has changed since you read it: its ETag is now " + EntityTag.of(version)
                            + ". Read it again, then decide whether your change still holds.");
        }
    }
}
