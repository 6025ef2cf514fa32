package dev.gatehouse.bench.fuzz;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A service that answers {@code …/hostile/CALL} with something mutated, and {@code …/plain/CALL} as it should. After a mutated
 * answer it waits a little for what the gateway does with the connection, and then closes it, so that no call hangs on it.
 *
 * <p>A mutated answer goes out in one piece, or its first few octets alone before the rest: what would come behind an answer
 * with a delay could meet the next call's request on its way, and HTTP/1.1 has nothing to tell the two apart by.
 */
final class HostileService implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 100;
    /** Shorter than a status line. */
    private static final int FIRST_OCTETS = 12;

    private final ServerSocket listening;
    private final AnswerMutation mutation;
    private final long seed;
    private final AtomicLong mutated = new AtomicLong();
    private final AtomicLong keptAfter = new AtomicLong();
    private final AtomicInteger open = new AtomicInteger();

    HostileService(long seed) throws IOException {
        this.seed = seed;
        mutation = new AnswerMutation(seed);
        listening = new ServerSocket(0, 1_024, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    String url() {
        return "http://127.0.0.1:" + listening.getLocalPort();
    }

    /** Mutated answers that were sent. */
    long mutated() {
        return mutated.get();
    }

    /** Connections on which another call came after a mutated answer, which may happen to have been a right one. */
    long keptAfter() {
        return keptAfter.get();
    }

    /** Connections that are open. */
    int open() {
        return open.get();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket socket = listening.accept();
                open.incrementAndGet();
                Thread.ofVirtual().start(() -> converse(socket));
            } catch (IOException e) {
                // closed, or the client has left already
            }
        }
    }

    private void converse(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            boolean doubted = false;
            String head = head(in);
            while (!head.isEmpty()) {
                if (doubted) {
                    keptAfter.incrementAndGet();
                }
                String target = head.split(" ", 3)[1];
                long call = Long.parseLong(target.substring(target.lastIndexOf('/') + 1));
                if (target.contains("/plain/")) {
                    readBody(head, in);
                    plain(head, call, socket.getOutputStream());
                } else {
                    doubted = true;
                    if (!hostile(head, call, in, socket)) {
                        return;
                    }
                    // what is asked now is answered in time, what is not asked any more is not waited for
                    socket.setSoTimeout(PATIENCE_MILLIS);
                }
                head = head(in);
            }
        } catch (SocketTimeoutException e) {
            // the gateway waits for more of a mutated answer, or keeps the connection: both end now
        } catch (IOException e) {
            // closed by the gateway
        } finally {
            open.decrementAndGet();
        }
    }

    private static void plain(String head, long call, OutputStream out) throws IOException {
        String marker = Marker.of(call);
        String text = "HTTP/1.1 200 OK\r\nX-Mark: " + marker + "\r\n"
                + (call % 2 == 0
                        ? "Content-Length: " + marker.length() + "\r\n\r\n" + marker
                        : "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(marker.length()) + "\r\n" + marker
                                + "\r\n0\r\n\r\n");
        if (head.startsWith("HEAD")) {
            text = text.substring(0, text.indexOf("\r\n\r\n") + 4);
        }
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** @return false when the connection is not served any more */
    private boolean hostile(String head, long call, InputStream in, Socket socket) throws IOException {
        SplittableRandom chance = new SplittableRandom(seed + call);
        int manner = chance.nextInt(200);
        // now and then it answers before it has read, or never, or not at all
        if (manner >= 20) {
            readBody(head, in);
        }
        mutated.incrementAndGet();
        if (manner == 199) {
            return false;
        }
        byte[] answer = mutation.of(call);
        OutputStream out = socket.getOutputStream();
        int first = manner % 10 == 0 ? Math.min(answer.length, chance.nextInt(1, FIRST_OCTETS)) : 0;
        out.write(answer, 0, first);
        out.write(answer, first, answer.length - first);
        return manner % 7 != 0;
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int b;
        while ((b = in.read()) >= 0) {
            out.write(b);
            if (b == '\n' && out.size() >= 4) {
                String text = out.toString(StandardCharsets.ISO_8859_1);
                if (text.endsWith("\r\n\r\n")) {
                    return text;
                }
            }
        }
        return "";
    }

    private static void readBody(String head, InputStream in) throws IOException {
        int length = head.indexOf("\r\nContent-Length: ");
        if (length >= 0) {
            int from = length + 18;
            in.skipNBytes(Long.parseLong(head.substring(from, head.indexOf('\r', from))));
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
