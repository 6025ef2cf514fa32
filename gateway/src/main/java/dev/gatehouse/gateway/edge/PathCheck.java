package dev.gatehouse.gateway.edge;

import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.runtime.http.UriText;
import org.jspecify.annotations.Nullable;

/** Refuses paths that a service might read in another way than the gateway does. */
final class PathCheck {
    private PathCheck() {}

    /** What is wrong with a path; null when nothing is. */
    static @Nullable String fault(String path) {
        if (path.isEmpty() || path.charAt(0) != '/') {
            return "The path has to start with a slash.";
        }
        boolean escaped = false;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '\\' || c == '#') {
                return "The path holds a character that has to be percent-encoded.";
            }
            escaped |= c == '%';
            if (c == '/' && i + 1 < path.length()) {
                char next = path.charAt(i + 1);
                if (next == '/' || (next == '.' && isDotSegment(path, i + 1))) {
                    return "The path holds an empty segment, \".\" or \"..\".";
                }
            }
        }
        return escaped ? decodedFault(path) : null;
    }

    private static boolean isDotSegment(String path, int start) {
        int end = path.indexOf('/', start);
        String segment = path.substring(start, end < 0 ? path.length() : end);
        return segment.equals(".") || segment.equals("..");
    }

    private static @Nullable String decodedFault(String path) {
        for (String segment : path.split("/", -1)) {
            String decoded;
            try {
                decoded = UriText.decode(segment);
            } catch (ProblemException e) {
                return e.problem().detail();
            }
            if (decoded.equals(".") || decoded.equals("..")) {
                return "The path holds an encoded \".\" or \"..\".";
            }
            for (int i = 0; i < decoded.length(); i++) {
                char c = decoded.charAt(i);
                if (c == '/' || c == '\\' || c < ' ' || c == 0x7f) {
                    return "The path holds an encoded slash, backslash or control character.";
                }
            }
        }
        return null;
    }
}
