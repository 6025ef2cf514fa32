package dev.gatehouse.app.role;

import dev.gatehouse.app.installation.StartRefused;
import dev.gatehouse.runtime.http.BoundAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;

/**
 * The ports that people know, counted from the gateway's, and the addresses that they are opened on.
 *
 * @param host for what is for everyone: the gateway and the portal
 * @param privateHost for what is for the installation's owner: the administration and the mailbox
 */
public record Ports(String host, String privateHost, int gateway) {
    private static final int LAST = 4;

    public Ports {
        if (gateway < 1 || gateway + LAST > 65_535) {
            throw new StartRefused("The port " + gateway + " is not usable: choose 1 to " + (65_535 - LAST)
                    + ", since the portal, mailbox, console and administration follow on the next ones.");
        }
    }

    public int portal() {
        return gateway + 1;
    }

    public int mailbox() {
        return gateway + 2;
    }

    public int admin() {
        return gateway + LAST;
    }

    /** Where the administration is reached from this machine. */
    public URI adminUri() {
        return BoundAddress.url("http", privateHost, admin());
    }

    /** Whether others than this machine reach what is private. */
    public boolean isPrivateExposed() {
        return !BoundAddress.isLoopback(privateHost);
    }

    /** @throws StartRefused when somebody listens on the port already */
    public void requireFree(int port, String purpose) {
        requireFree(host, port, purpose);
    }

    /** @throws StartRefused when somebody listens on the port already */
    public void requirePrivateFree(int port, String purpose) {
        requireFree(privateHost, port, purpose);
    }

    private static void requireFree(String host, int port, String purpose) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (IOException e) {
            throw new StartRefused("Port " + port + " for the " + purpose + " is taken on " + host
                    + ". Stop what listens there, or choose others with --port N (gateway N, portal N+1, mailbox N+2,"
                    + " admin N+4).");
        }
    }
}
