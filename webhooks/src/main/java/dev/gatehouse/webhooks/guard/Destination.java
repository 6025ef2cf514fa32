package dev.gatehouse.webhooks.guard;

import java.net.InetAddress;
import java.net.URI;

/**
 * Where a delivery goes: the address that was checked, to be connected to as it is, and the host to be named in Host and
 * SNI.
 */
public record Destination(URI uri, String host, int port, InetAddress address) {
    public boolean isTls() {
        return "https".equals(uri.getScheme());
    }
}
