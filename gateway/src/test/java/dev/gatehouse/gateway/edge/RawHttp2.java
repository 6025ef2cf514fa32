package dev.gatehouse.gateway.edge;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Sends frames of HTTP/2 as they are written down, with headers that no library would send, and says how each stream ended. */
final class RawHttp2 implements AutoCloseable {
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    private static final int PRIORITY = 0x20;
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GOAWAY = 7;

    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);
    private int next = 1;

    /** @param socket connected; over TLS, with ALPN done */
    RawHttp2(Socket socket, int silenceMillis) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(silenceMillis);
        socket.setTcpNoDelay(true);
        out = socket.getOutputStream();
        in = new DataInputStream(socket.getInputStream());
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        frame(SETTINGS, 0, 0, new byte[0]);
    }

    /**
     * How a stream ended.
     *
     * @param status of the answer; 0 when there was none
     * @param reset the code of RST_STREAM; -1 when there was none
     * @param text the answer's body
     * @param closed whether the whole connection ended
     */
    record End(int status, long reset, String text, boolean closed) {}

    /** A stream with these fields, in this order, as name, value, name, value, and a body, or null for none. */
    int send(String[] fields, byte @Nullable [] body) throws IOException {
        int id = next;
        next += 2;
        frame(HEADERS, END_HEADERS | (body == null ? END_STREAM : 0), id, block(fields));
        if (body != null) {
            frame(DATA, END_STREAM, id, body);
        }
        out.flush();
        return id;
    }

    int headers(String[] fields) throws IOException {
        int id = next;
        next += 2;
        frame(HEADERS, END_HEADERS, id, block(fields));
        out.flush();
        return id;
    }

    void trailers(int id, String[] fields) throws IOException {
        frame(HEADERS, END_HEADERS | END_STREAM, id, block(fields));
        out.flush();
    }

    private void frame(int type, int flags, int id, byte[] payload) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(9 + payload.length);
        bytes.write(payload.length >> 16);
        bytes.write(payload.length >> 8);
        bytes.write(payload.length);
        bytes.write(type);
        bytes.write(flags);
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes.write(id >> shift);
        }
        bytes.writeBytes(payload);
        out.write(bytes.toByteArray());
    }

    /** Literal fields with names of their own, never indexed, not compressed (RFC 7541, 6.2.3). */
    private static byte[] block(String[] fields) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < fields.length; i += 2) {
            block.write(0x10);
            text(fields[i], block);
            text(fields[i + 1], block);
        }
        return block.toByteArray();
    }

    private static void text(String text, ByteArrayOutputStream block) {
        byte[] octets = text.getBytes(StandardCharsets.ISO_8859_1);
        int length = octets.length;
        if (length < 127) {
            block.write(length);
        } else {
            block.write(127);
            length -= 127;
            while (length >= 128) {
                block.write(length % 128 + 128);
                length /= 128;
            }
            block.write(length);
        }
        block.writeBytes(octets);
    }

    /** Reads until the stream has ended one way or another. */
    End end(int id) throws IOException, Http2Exception {
        int status = 0;
        StringBuilder text = new StringBuilder();
        try {
            while (true) {
                int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                int flags = in.readUnsignedByte();
                int stream = in.readInt() & Integer.MAX_VALUE;
                byte[] payload = in.readNBytes(length);
                if (type == SETTINGS && (flags & 1) == 0) {
                    frame(SETTINGS, 1, 0, new byte[0]);
                } else if (type == PING && (flags & 1) == 0) {
                    frame(PING, 1, 0, payload);
                } else if (type == GOAWAY) {
                    return new End(status, -1, text.toString(), true);
                } else if (type == HEADERS) {
                    int skipped = (flags & PRIORITY) == 0 ? 0 : 5;
                    var headers = decoder.decodeHeaders(
                            stream, Unpooled.wrappedBuffer(payload).skipBytes(skipped));
                    if (stream == id && headers.status() != null) {
                        status = Integer.parseInt(headers.status().toString());
                    }
                } else if (stream == id && type == DATA) {
                    text.append(new String(payload, StandardCharsets.UTF_8));
                } else if (stream == id && type == RST_STREAM) {
                    long code = Unpooled.wrappedBuffer(payload).readUnsignedInt();
                    return new End(status, code, text.toString(), false);
                }
                if (stream == id && (type == HEADERS || type == DATA) && (flags & END_STREAM) != 0) {
                    return new End(status, -1, text.toString(), false);
                }
            }
        } catch (SocketTimeoutException e) {
            return new End(status, -2, text + " (nothing more comes)", false);
        } catch (IOException e) {
            return new End(status, -1, text.toString(), true);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
