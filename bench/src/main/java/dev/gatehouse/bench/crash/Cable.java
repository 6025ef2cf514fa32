package dev.gatehouse.bench.crash;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A port that stays the same while the server behind it comes and goes, and whose connections can be cut. */
final class Cable implements AutoCloseable {
    private final ServerSocket ear;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile int target;

    Cable(int target) throws IOException {
        this.target = target;
        ear = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return ear.getLocalPort();
    }

    void lead(int port) {
        target = port;
    }

    /** Cuts every connection; new ones are let through. */
    void cut() {
        for (Socket socket : open) {
            close(socket);
        }
    }

    private void accept() {
        while (!ear.isClosed()) {
            try {
                Socket near = ear.accept();
                Thread.ofVirtual().start(() -> connect(near));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void connect(Socket near) {
        Socket far = new Socket();
        open.add(near);
        open.add(far);
        try {
            far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 1_000);
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            Thread back = Thread.ofVirtual().start(() -> pump(far, near));
            pump(near, far);
            back.join();
        } catch (IOException e) {
            close(near);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close(near);
            close(far);
            open.remove(near);
            open.remove(far);
        }
    }

    private static void pump(Socket from, Socket to) {
        byte[] buffer = new byte[64 * 1024];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            // the other side is told by the closing below
            close(from);
        }
        close(from);
        close(to);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("a socket cannot be closed", e);
        }
    }

    @Override
    public void close() throws IOException {
        ear.close();
        cut();
    }
}
