package dev.gatehouse.bench.sandbox;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One kept connection that makes one call after the other; small, so that it measures the gateway and not itself. */
public final class Caller implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;

    private final InetSocketAddress to;
    private final @Nullable InetAddress from;
    private volatile @Nullable Socket socket;
    private @Nullable InputStream in;

    public Caller(int port) {
        this(port, null);
    }

    /** @param from the loopback address that it calls from; null for the usual one */
    public Caller(int port, @Nullable InetAddress from) {
        to = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        this.from = from;
    }

    /**
     * An answer.
     *
     * @param status 0 when there was none
     * @param degraded whether it was admitted without Redis
     */
    public record Answer(int status, boolean degraded, String code) {
        /** Whether it is what a tenant within its limits should never see. */
        public boolean isFailure() {
            return status == 0 || status >= 400;
        }
    }

    /** A GET; never throws: what goes wrong is an answer with status 0. */
    public Answer get(String path, String key) {
        return send("GET " + path + " HTTP/1.1\r\nHost: sandbox\r\nX-API-Key: " + key + "\r\n\r\n");
    }

    Answer send(String request) {
        try {
            connection().getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return read();
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
            // what is no answer of HTTP is none either
            close();
            return new Answer(0, false, e.getClass().getSimpleName());
        }
    }

    private Socket connection() throws IOException {
        Socket open = socket;
        if (open == null) {
            open = new Socket();
            if (from != null) {
                open.bind(new InetSocketAddress(from, 0));
            }
            open.setTcpNoDelay(true);
            open.setSoTimeout(PATIENCE_MILLIS);
            open.connect(to, PATIENCE_MILLIS);
            socket = open;
            in = new BufferedInputStream(open.getInputStream(), 32 * 1024);
        }
        return open;
    }

    private Answer read() throws IOException {
        InputStream from = stream();
        String line = line(from);
        int status = Integer.parseInt(line.substring(9, 12));
        int length = 0;
        boolean chunked = false;
        boolean degraded = false;
        boolean last = false;
        while (!(line = line(from)).isEmpty()) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(15).strip());
            } else if (lower.startsWith("transfer-encoding:")) {
                chunked = true;
            } else if (lower.startsWith("gatehouse-degraded:")) {
                degraded = true;
            } else if (lower.startsWith("connection:")) {
                last = lower.contains("close");
            }
        }
        byte[] body = new byte[0];
        if (chunked) {
            int size;
            while ((size = Integer.parseInt(line(from), 16)) > 0) {
                body = from.readNBytes(size);
                line(from);
            }
            line(from);
        } else if (length > 0) {
            body = from.readNBytes(length);
        }
        if (last) {
            close();
        }
        return new Answer(status, degraded, status < 400 ? "" : code(new String(body, StandardCharsets.UTF_8)));
    }

    private static String code(String body) {
        int at = body.indexOf("\"code\":\"");
        return at < 0 ? "" : body.substring(at + 8, body.indexOf('"', at + 8));
    }

    private InputStream stream() throws IOException {
        InputStream open = in;
        if (open == null) {
            throw new IOException("not connected");
        }
        return open;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder(64);
        int c;
        while ((c = in.read()) != '\n') {
            if (c < 0) {
                throw new EOFException("closed");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** Also by another thread: the call under way has no answer then. */
    @Override
    public void close() {
        Socket open = socket;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            // it is gone either way
        }
        socket = null;
        in = null;
    }
}
