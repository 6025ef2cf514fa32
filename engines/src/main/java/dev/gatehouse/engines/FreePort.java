package dev.gatehouse.engines;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports of the loopback interface. */
public final class FreePort {
    /** Above those of {@link PortRange}. */
    private static final int LOWEST = 22_000;

    private static final int HIGHEST = 32_700;
    private static final int TRIES = 100;

    private FreePort() {}

    /** A port that was free a moment ago. Somebody else may take it before it is used: be ready to ask again. */
    public static int find() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on the loopback interface", e);
        }
    }

    /**
     * A port that was free a moment ago, of those that Linux does not give to outgoing connections (32768 and up): a server
     * that is started again finds it as it left it, and a client that keeps calling while it is down cannot come to hold it
     * itself.
     */
    static int lasting() {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (isFree(port)) {
                return port;
            }
        }
        return find();
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // as the servers do: connections that were closed a moment ago do not hold the port
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
