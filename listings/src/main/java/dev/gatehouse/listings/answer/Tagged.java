package dev.gatehouse.listings.answer;

import dev.gatehouse.runtime.http.Request;
import dev.gatehouse.runtime.http.Response;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Answers that carry an ETag of their content, and 304 when the client has that content already.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2">RFC 9110, If-None-Match</a>
 */
final class Tagged {
    private Tagged() {}

    static Response answer(Request request, String contentType, byte[] body) {
        String tag = tag(body);
        Response response = matches(request.header("if-none-match").orElse(""), tag)
                ? Response.notModified()
                : Response.bytes(200, contentType, body);
        return response.with("ETag", tag)
                .with("Cache-Control", "private, no-cache")
                .with("Vary", "Accept");
    }

    private static boolean matches(String header, String tag) {
        return Arrays.stream(header.split(","))
                .map(String::strip)
                .map(candidate -> candidate.startsWith("W/") ? candidate.substring(2) : candidate)
                .anyMatch(candidate -> candidate.equals("*") || candidate.equals(tag));
    }

    private static String tag(byte[] body) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(body);
            return "\"" + HexFormat.of().formatHex(hash, 0, 12) + "\"";
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
