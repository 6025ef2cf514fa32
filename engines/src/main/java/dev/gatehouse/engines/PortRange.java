package dev.gatehouse.engines;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Five neighbouring ports that were free a moment ago, as {@code --port} needs them. They are below those that Linux gives to
 * outgoing connections (32768 and up), which would take one of them until all five are listened on.
 */
public final class PortRange {
    private static final int SIZE = 5;
    private static final int LOWEST = 10_000;
    private static final int HIGHEST = 22_000;
    private static final int TRIES = 100;

    private PortRange() {}

    public static int find() {
        for (int i = 0; i < TRIES; i++) {
            int first = ThreadLocalRandom.current().nextInt(LOWEST / SIZE, HIGHEST / SIZE) * SIZE;
            if (allFree(first)) {
                return first;
            }
        }
        throw new IllegalStateException("no five free ports beside each other");
    }

    private static boolean allFree(int first) {
        for (int port = first; port < first + SIZE; port++) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                assert socket.isBound();
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }
}
