package dev.gatehouse.gateway.forward;

import static dev.gatehouse.gateway.forward.HeaderTable.Fate.ENDS;
import static dev.gatehouse.gateway.forward.HeaderTable.Fate.PASSES;
import static dev.gatehouse.gateway.forward.HeaderTable.Fate.SET;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Every header that does not simply pass the gateway, in one table. A name that is not listed passes both ways.
 *
 * <p>Servers that hand headers on as variables (CGI and what came after it) write every character that is neither letter nor
 * digit as an underscore, so that {@code X_API_Key} and {@code X.Api.Key} arrive as {@code X-API-Key}. Names are therefore compared
 * with all those characters taken for hyphens, and without regard to case.
 */
public final class HeaderTable {
    /** What becomes of a header. */
    public enum Fate {
        PASSES,
        /** It is dropped. */
        ENDS,
        /** It is dropped, and the gateway may write its own. */
        SET
    }

    /**
     * @param name in small letters; a star at its end stands for any ending
     * @param request what becomes of it on the way to a service
     * @param answer what becomes of it on the way to a client
     */
    public record Row(String name, Fate request, Fate answer) {
        boolean isPrefix() {
            return name.endsWith("*");
        }
    }

    /** The whole table, for the test that walks it. */
    public static final List<Row> ROWS = List.of(
            // one connection's business: RFC 9110, 7.6.1
            row("connection", ENDS, ENDS),
            row("keep-alive", ENDS, ENDS),
            row("proxy-connection", ENDS, ENDS),
            row("proxy-authenticate", ENDS, ENDS),
            row("proxy-authorization", ENDS, ENDS),
            row("proxy-authentication-info", ENDS, ENDS),
            row("te", ENDS, ENDS),
            row("trailer", ENDS, ENDS),
            row("transfer-encoding", ENDS, ENDS),
            row("upgrade", ENDS, ENDS),
            row("http2-settings", ENDS, ENDS),
            row("expect", ENDS, PASSES),
            // the relay writes the framing of what it forwards, both ways, from what really comes
            row("content-length", SET, SET),
            // where the call goes is the gateway's to say
            row("host", SET, PASSES),
            row("x-original-url", ENDS, PASSES),
            row("x-original-uri", ENDS, PASSES),
            row("x-original-method", ENDS, PASSES),
            row("x-rewrite-url", ENDS, PASSES),
            row("x-http-method", ENDS, PASSES),
            row("x-http-method-override", ENDS, PASSES),
            row("x-method-override", ENDS, PASSES),
            row("alt-svc", PASSES, ENDS),
            // who calls
            row("authorization", ENDS, PASSES),
            row("x-api-key", ENDS, ENDS),
            row("gatehouse-*", SET, ENDS),
            // from where
            row("forwarded", ENDS, PASSES),
            row("x-forwarded", ENDS, PASSES),
            row("x-forwarded-*", SET, PASSES),
            row("x-original-forwarded-for", ENDS, PASSES),
            row("forwarded-*", ENDS, PASSES),
            row("x-real-ip", ENDS, PASSES),
            row("x-client-ip", ENDS, PASSES),
            row("x-cluster-client-ip", ENDS, PASSES),
            row("x-remote-*", ENDS, PASSES),
            row("client-ip", ENDS, PASSES),
            row("true-client-ip", ENDS, PASSES),
            row("cf-connecting-ip*", ENDS, PASSES),
            row("fastly-client-ip", ENDS, PASSES),
            row("x-envoy-external-address", ENDS, PASSES),
            // becomes the variable HTTP_PROXY
            row("proxy", ENDS, PASSES),
            // which call
            row("x-request-id", SET, SET),
            row("traceparent", SET, PASSES),
            row("tracestate", SET, PASSES),
            // what it left
            row("x-response-time", PASSES, SET),
            row("x-ratelimit-*", ENDS, SET),
            row("ratelimit", ENDS, SET),
            row("ratelimit-policy", ENDS, SET),
            row("server", PASSES, ENDS));

    private static final int LONGEST = 32;
    private static final Row[][] BY_LENGTH = new Row[LONGEST][];
    private static final Row[] PREFIXES = ROWS.stream().filter(Row::isPrefix).toArray(Row[]::new);

    static {
        for (int length = 0; length < LONGEST; length++) {
            List<Row> same = new ArrayList<>();
            for (Row row : ROWS) {
                if (!row.isPrefix() && row.name.length() == length) {
                    same.add(row);
                }
            }
            BY_LENGTH[length] = same.toArray(Row[]::new);
        }
    }

    private HeaderTable() {}

    private static Row row(String name, Fate request, Fate answer) {
        return new Row(name, request, answer);
    }

    /** Whether a request's header goes on to the service. */
    static boolean passesIn(String name) {
        Row row = find(name);
        return row == null ? !isContentMisspelled(name) : row.request == PASSES;
    }

    /** Whether an answer's header goes on to the client. */
    static boolean passesOut(String name) {
        Row row = find(name);
        return row == null || row.answer == PASSES;
    }

    /**
     * Whether {@code Connection} may name this header. Who names one that the gateway writes or judges by wants it to be lost on
     * the way.
     */
    public static boolean mayBeNamedByConnection(String name) {
        if (HopOption.contains(name)) {
            return true;
        }
        return find(name) == null && !startsWith(name, "content-") && !name.equalsIgnoreCase("cookie");
    }

    /** Connection options that clients send by themselves. */
    private static final class HopOption {
        private static final List<String> NAMES =
                List.of("close", "keep-alive", "upgrade", "te", "http2-settings", "proxy-connection");

        static boolean contains(String name) {
            return NAMES.stream().anyMatch(name::equalsIgnoreCase);
        }
    }

    /** What describes the body must not come twice, once in another spelling. */
    private static boolean isContentMisspelled(String name) {
        return startsWith(name, "content-") && !name.regionMatches(true, 0, "content-", 0, 8);
    }

    private static @Nullable Row find(String name) {
        if (name.length() < LONGEST) {
            for (Row row : BY_LENGTH[name.length()]) {
                if (startsWith(name, row.name)) {
                    return row;
                }
            }
        }
        for (Row row : PREFIXES) {
            if (isPrefix(row.name, row.name.length() - 1, name)) {
                return row;
            }
        }
        return null;
    }

    private static boolean startsWith(String name, String prefix) {
        return isPrefix(prefix, prefix.length(), name);
    }

    /** @param length of the prefix that is compared */
    private static boolean isPrefix(String prefix, int length, String name) {
        if (name.length() < length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (folded(name.charAt(i)) != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static char folded(char c) {
        if (c >= 'A' && c <= 'Z') {
            return (char) (c + ('a' - 'A'));
        }
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '-';
    }
}
