package dev.gatehouse.gateway.edge;

import dev.gatehouse.gateway.GatewaySettings;
import dev.gatehouse.gateway.standing.AddressRanges;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose call it is by address. What a header says counts only when a configured proxy sent it, and only that of the one header
 * that those proxies write: the others are passed on by them as the client wrote them. All its lines are one list, which is
 * read from its end: the first address that is no configured proxy is the client's.
 */
final class ClientAddress {
    /** Proxies in a row that are looked at. */
    private static final int MOST_HOPS = 32;

    private final AddressRanges proxies;
    private final CharSequence header;
    private final Form form;

    ClientAddress(GatewaySettings.Edge edge) {
        proxies = AddressRanges.parse(edge.trustedProxies());
        header = HttpHeaders.createOptimized(edge.addressHeader());
        form = edge.addressHeader().equalsIgnoreCase("Forwarded") ? Form.PAIRS : Form.ADDRESSES;
    }

    /** How the header is written. */
    private enum Form {
        ADDRESSES,
        /** RFC 7239, section 4. */
        PAIRS
    }

    /** @param peer who is at the other end of the connection */
    String of(String peer, MultiMap headers) {
        if (proxies.isEmpty() || !headers.contains(header) || !proxies.contains(peer)) {
            return peer;
        }
        String client = peer;
        int hops = 0;
        List<String> lines = headers.getAll(header);
        for (int line = lines.size() - 1; line >= 0; line--) {
            // split at every comma, quoted or not: a quote that the client has opened must not swallow what a proxy
            // appended
            String[] elements = lines.get(line).split(",", -1);
            for (int i = elements.length - 1; i >= 0; i--) {
                String hop = address(form == Form.PAIRS ? forPair(elements[i]) : elements[i].strip());
                if (hop == null || ++hops > MOST_HOPS) {
                    return client;
                }
                client = hop;
                if (!proxies.contains(hop)) {
                    return client;
                }
            }
        }
        return client;
    }

    /** The {@code for} parameter of an element; empty when it has none. */
    private static String forPair(String element) {
        for (String pair : element.split(";")) {
            String trimmed = pair.strip();
            if (trimmed.regionMatches(true, 0, "for=", 0, 4)) {
                return trimmed.substring(4);
            }
        }
        return "";
    }

    /** An address without quotes, brackets and port; null when it is none. */
    private static @Nullable String address(String text) {
        String bare = text.replace("\"", "");
        if (bare.startsWith("[")) {
            int end = bare.indexOf(']');
            bare = end < 0 ? bare : bare.substring(1, end);
        } else if (bare.indexOf(':') >= 0 && bare.indexOf(':') == bare.lastIndexOf(':')) {
            bare = bare.substring(0, bare.indexOf(':'));
        }
        try {
            return InetAddress.ofLiteral(bare).getHostAddress();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
