package dev.gatehouse.gateway.edge;

import dev.gatehouse.gateway.standing.AddressRanges;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose call it is by address. What a header says counts only when a configured proxy sent it: read from the right, the
 * first address that is no configured proxy is the client's.
 */
final class ClientAddress {
    private final AddressRanges proxies;

    /** @param proxies addresses and ranges of proxies that are believed */
    ClientAddress(List<String> proxies) {
        this.proxies = AddressRanges.parse(proxies);
    }

    /** @param peer who is at the other end of the connection */
    String of(String peer, @Nullable String forwardedFor, @Nullable String forwarded) {
        if (proxies.isEmpty() || !proxies.contains(peer)) {
            return peer;
        }
        String[] hops = forwardedFor != null ? forwardedFor.split(",") : hopsOf(forwarded);
        String client = peer;
        for (int i = hops.length - 1; i >= 0 && i >= hops.length - 32; i--) {
            String hop = address(hops[i].strip());
            if (hop == null) {
                break;
            }
            client = hop;
            if (!proxies.contains(hop)) {
                break;
            }
        }
        return client;
    }

    /** The {@code for} parameters of RFC 7239, section 4. */
    private static String[] hopsOf(@Nullable String forwarded) {
        if (forwarded == null) {
            return new String[0];
        }
        String[] elements = forwarded.split(",");
        for (int i = 0; i < elements.length; i++) {
            String found = "";
            for (String pair : elements[i].split(";")) {
                String trimmed = pair.strip();
                if (trimmed.regionMatches(true, 0, "for=", 0, 4)) {
                    found = trimmed.substring(4);
                }
            }
            elements[i] = found;
        }
        return elements;
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
