package dev.gatehouse.runtime.http;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;

/** Where a server is reached that binds to a host. */
public final class BoundAddress {
    private BoundAddress() {}

    /** A URL that leads there from this machine: one that binds to every address is reached by loopback. */
    public static URI url(String scheme, String host, int port) {
        String reached = isEverywhere(host) ? (host.contains(":") ? "::1" : "127.0.0.1") : host;
        return URI.create(scheme + "://" + (reached.contains(":") ? "[" + reached + "]" : reached) + ":" + port);
    }

    /** Whether it binds to every address of the machine. */
    public static boolean isEverywhere(String host) {
        try {
            return InetAddress.getByName(host).isAnyLocalAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Whether nobody else than this machine reaches it. */
    public static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
