package dev.gatehouse.app.role;

import dev.gatehouse.app.installation.StartRefused;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * The ports that people know, counted from the gateway's.
 *
 * @param host the address that everything binds to
 */
public record Ports(String host, int gateway) {
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

    /** @throws StartRefused when somebody listens on the port already */
    public void requireFree(int port, String purpose) {
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
