package dev.gatehouse.engines;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** The network between an installation and one of its engines, in whose way it can be put. */
public final class Weather implements AutoCloseable {
    private static final int PIECE = 64 * 1024;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile InetSocketAddress target;
    private volatile Kind kind = Kind.FAIR;
    private volatile @Nullable ServerSocket server;
    private volatile boolean closed;

    /** What it does to connections. */
    public enum Kind {
        /** Everything passes at once. */
        FAIR,
        /** Connections are cut, and new ones refused. */
        REFUSING,
        /** Connections stand, and nothing passes. */
        HANGING,
        /** What is asked passes, and no answer does. */
        MUTE,
        /** Each piece takes 80 ms longer in each direction. */
        SLOW
    }

    public Weather(int targetPort) throws IOException {
        target = local(targetPort);
        ServerSocket first = listen(0);
        port = first.getLocalPort();
    }

    private static InetSocketAddress local(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Where the installation finds the engine. */
    public int port() {
        return port;
    }

    /** Sends new connections elsewhere, and cuts those that are open: a failover. */
    public void failOver(int targetPort) {
        target = local(targetPort);
        cut();
    }

    public synchronized void turn(Kind next) throws IOException {
        kind = next;
        ServerSocket listening = server;
        if (next == Kind.REFUSING) {
            if (listening != null) {
                listening.close();
                server = null;
            }
            cut();
        } else if (listening == null && !closed) {
            listen(port);
        }
    }

    private ServerSocket listen(int at) throws IOException {
        ServerSocket listening = new ServerSocket();
        listening.setReuseAddress(true);
        listening.bind(local(at), 256);
        server = listening;
        Thread.ofVirtual().start(() -> accept(listening));
        return listening;
    }

    private void accept(ServerSocket listening) {
        while (!listening.isClosed()) {
            try {
                Socket near = listening.accept();
                Socket far = new Socket();
                open.add(near);
                open.add(far);
                Thread.ofVirtual().start(() -> join(near, far));
            } catch (IOException e) {
                // closed, by the weather
            }
        }
    }

    private void join(Socket near, Socket far) {
        try {
            far.connect(target, 5_000);
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            Thread back = Thread.ofVirtual().start(() -> pump(far, near, EnumSet.of(Kind.HANGING, Kind.MUTE)));
            pump(near, far, EnumSet.of(Kind.HANGING));
            back.join();
        } catch (IOException e) {
            drop(near);
            drop(far);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param stops what nothing passes in */
    private void pump(Socket from, Socket to, Set<Kind> stops) {
        byte[] piece = new byte[PIECE];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int n;
            while ((n = in.read(piece)) >= 0) {
                if (kind == Kind.SLOW) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(80));
                }
                while (stops.contains(kind) && !closed && !from.isClosed()) {
                    LockSupport.parkNanos(LOOK_NANOS);
                }
                out.write(piece, 0, n);
            }
        } catch (IOException e) {
            // one side is gone, so the other goes too
        } finally {
            drop(from);
            drop(to);
        }
    }

    private void drop(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            // it was closed already
        }
    }

    private void cut() {
        Set.copyOf(open).forEach(this::drop);
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        ServerSocket listening = server;
        if (listening != null) {
            listening.close();
        }
        cut();
    }
}
