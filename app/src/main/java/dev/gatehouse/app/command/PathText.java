package dev.gatehouse.app.command;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Text of the command line as one segment of a path. */
final class PathText {
    private PathText() {}

    static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
