package dev.gatehouse.bench.fuzz;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A client on one connection, which reads its answers as strictly as their framing says. */
final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final int port;
    private @Nullable Socket socket;
    private @Nullable InputStream in;

    RawClient(int port) {
        this.port = port;
    }

    /**
     * @param status 0 when the connection was closed before the head
     * @param text head and body as they came
     * @param whole whether the body was as long as the head says
     */
    record Answer(int status, String text, boolean whole) {}

    private InputStream connected() throws IOException {
        InputStream known = in;
        if (known != null) {
            return known;
        }
        Socket made = new Socket();
        made.setTcpNoDelay(true);
        made.setSoTimeout(PATIENCE_MILLIS);
        made.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
        socket = made;
        InputStream from = new BufferedInputStream(made.getInputStream(), 16 * 1024);
        in = from;
        return from;
    }

    /** Sends a request and reads its answer; a connection that was closed is made anew with the next. */
    Answer call(String request) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        try {
            InputStream from = connected();
            Socket to = socket;
            if (to != null) {
                to.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            }
            return read(request, from, read);
        } catch (java.net.SocketTimeoutException e) {
            close();
            throw e;
        } catch (IOException e) {
            close();
            return broken(read);
        }
    }

    private static Answer broken(ByteArrayOutputStream read) {
        String text = read.toString(StandardCharsets.ISO_8859_1);
        int status = text.contains("\r\n\r\n") ? Integer.parseInt(text.substring(9, 12)) : 0;
        return new Answer(status, text, false);
    }

    private Answer read(String request, InputStream from, ByteArrayOutputStream read) throws IOException {
        String head = line(from, read, "\r\n\r\n");
        int status = Integer.parseInt(head.substring(9, 12));
        String lower = head.toLowerCase(Locale.ROOT);
        boolean closes = lower.contains("\r\nconnection: close\r\n") || head.startsWith("HTTP/1.0");
        int length = lower.indexOf("\r\ncontent-length: ");
        if (request.startsWith("HEAD") || status == 204 || status == 304) {
            // there is none
        } else if (lower.contains("\r\ntransfer-encoding: chunked\r\n")) {
            chunks(from, read);
        } else if (length >= 0) {
            exactly(from, read, Long.parseLong(lower.substring(length + 18, lower.indexOf('\r', length + 2))));
        } else {
            from.transferTo(read);
            closes = true;
        }
        if (closes) {
            close();
        }
        return new Answer(status, read.toString(StandardCharsets.ISO_8859_1), true);
    }

    private static void chunks(InputStream from, ByteArrayOutputStream read) throws IOException {
        int size;
        do {
            size = Integer.parseInt(line(from, read, "\r\n").strip(), 16);
            exactly(from, read, size);
            line(from, read, "\r\n");
        } while (size > 0);
    }

    private static void exactly(InputStream from, ByteArrayOutputStream read, long octets) throws IOException {
        byte[] some = from.readNBytes((int) Math.min(octets, Integer.MAX_VALUE - 16));
        read.writeBytes(some);
        if (some.length < octets) {
            throw new IOException("the body is shorter than its length");
        }
    }

    private static String line(InputStream from, ByteArrayOutputStream read, String end) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int b = from.read();
            if (b < 0) {
                throw new IOException("closed");
            }
            read.write(b);
            line.write(b);
            if (b == '\n') {
                String text = line.toString(StandardCharsets.ISO_8859_1);
                if (text.endsWith(end)) {
                    return text;
                }
            }
        }
    }

    /** Whether octets have come that belong to no answer. */
    boolean hasMore() throws IOException {
        InputStream from = in;
        return from != null && from.available() > 0;
    }

    @Override
    public void close() throws IOException {
        Socket open = socket;
        socket = null;
        in = null;
        if (open != null) {
            open.close();
        }
    }
}
