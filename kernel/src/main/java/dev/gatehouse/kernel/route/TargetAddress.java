package dev.gatehouse.kernel.route;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * The base address of an upstream, as in {@code http://127.0.0.1:9000} or {@code https://api.example.com/base}.
 *
 * @param host a name, an IPv4 address, or an IPv6 address in brackets
 * @param port 1 to 65535, the scheme's own when the text names none
 * @param authority as it stands in {@code Host}
 * @param path what comes before each request's path; empty or from a slash on, without one at the end
 */
public record TargetAddress(Scheme scheme, String host, int port, String authority, String path) {
    private static final int LONGEST = 500;

    public enum Scheme {
        HTTP(80),
        HTTPS(443);

        private final int port;

        Scheme(int port) {
            this.port = port;
        }
    }

    /** @throws IllegalArgumentException when it is none; the message says what would be right */
    public static TargetAddress parse(String text) {
        URI uri;
        try {
            uri = new URI(text.length() > LONGEST ? "" : text);
        } catch (URISyntaxException e) {
            throw refused(text);
        }
        Scheme scheme = switch (String.valueOf(uri.getScheme())) {
            case "http" -> Scheme.HTTP;
            case "https" -> Scheme.HTTPS;
            default -> throw refused(text);
        };
        String host = uri.getHost();
        boolean bare = uri.getRawQuery() == null && uri.getRawFragment() == null && uri.getRawUserInfo() == null;
        int port = uri.getPort() == -1 ? scheme.port : uri.getPort();
        boolean dangling = String.valueOf(uri.getRawAuthority()).endsWith(":");
        if (!bare || dangling || host == null || port < 1 || port > 65_535) {
            throw refused(text);
        }
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return new TargetAddress(
                scheme,
                host,
                port,
                uri.getPort() == -1 ? host : host + ":" + port,
                path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
    }

    private static IllegalArgumentException refused(String text) {
        return new IllegalArgumentException("\"" + text.substring(0, Math.min(text.length(), 100))
                + "\" is not a base address, as in http://127.0.0.1:9000");
    }
}
