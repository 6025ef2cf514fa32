package dev.gatehouse.kernel.route;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A path template of OpenAPI, as in {@code /v2/listings/{listingKey}}: each segment is a literal or one parameter as a whole.
 *
 * @see <a href="https://spec.openapis.org/oas/v3.1.0#path-templating">OpenAPI 3.1, Path Templating</a>
 */
public record PathTemplate(List<Segment> segments) {
    private static final int LONGEST = 1_000;

    /** What stands between two slashes. */
    public sealed interface Segment {}

    /** It fits itself alone; may be empty, as behind a slash at the end. */
    public record Literal(String text) implements Segment {}

    /** It fits any segment but an empty one. */
    public record Parameter(String name) implements Segment {}

    public PathTemplate {
        segments = List.copyOf(segments);
    }

    /** @throws IllegalArgumentException when it is none; the message says what would be right */
    public static PathTemplate parse(String text) {
        String shown = text.substring(0, Math.min(text.length(), 100));
        if (!text.startsWith("/") || text.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "the path template " + shown + " must start with / and have at most " + LONGEST + " characters");
        }
        List<Segment> segments = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String segment : text.substring(1).split("/", -1)) {
            if (!segment.startsWith("{") || !segment.endsWith("}")) {
                require(isLiteral(segment), shown, segment);
                segments.add(new Literal(segment));
            } else {
                String name = segment.substring(1, segment.length() - 1);
                require(!name.isEmpty() && isLiteral(name) && !name.endsWith("+"), shown, segment);
                if (!names.add(name)) {
                    throw new IllegalArgumentException("the path template " + shown + " has {" + name + "} twice");
                }
                segments.add(new Parameter(name));
            }
        }
        return new PathTemplate(segments);
    }

    private static boolean isLiteral(String text) {
        return text.chars().allMatch(c -> c > ' ' && c < 127 && "{}?#\"<>\\^`|".indexOf(c) < 0);
    }

    private static void require(boolean holds, String template, String segment) {
        if (!holds) {
            throw new IllegalArgumentException("the path template " + template + " has the segment \"" + segment
                    + "\": a segment is text of a path, or one parameter as a whole, as in {listingKey}");
        }
    }

    /** Whether some path fits both. */
    public boolean overlaps(PathTemplate other) {
        if (segments.size() != other.segments.size()) {
            return false;
        }
        for (int i = 0; i < segments.size(); i++) {
            boolean literals = segments.get(i) instanceof Literal && other.segments.get(i) instanceof Literal;
            if (literals && !segments.get(i).equals(other.segments.get(i))) {
                return false;
            }
        }
        return true;
    }
}
