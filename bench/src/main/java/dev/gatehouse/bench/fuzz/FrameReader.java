package dev.gatehouse.bench.fuzz;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads the frames of a gateway's answers until one stream has ended. */
final class FrameReader {
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int GOAWAY = 7;
    private static final int END_STREAM = 1;
    private static final int PRIORITY = 0x20;
    private static final int PRIORITY_OCTETS = 5;

    private final DataInputStream in;
    private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder(false);

    FrameReader(InputStream in) {
        this.in = new DataInputStream(in);
    }

    /** The status of the stream's answer, or in words how it ended without one. */
    String end(int stream) throws IOException {
        String status = "reset";
        while (true) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int of = in.readInt() & Integer.MAX_VALUE;
            byte[] payload = in.readNBytes(length);
            if (type == GOAWAY) {
                return "goes away";
            }
            if (type == HEADERS) {
                String found = status(of, payload, flags);
                status = of == stream ? found : status;
            }
            if (of == stream && (type == RST_STREAM || ((flags & END_STREAM) != 0 && type <= HEADERS))) {
                return status;
            }
        }
    }

    private String status(int stream, byte[] payload, int flags) throws IOException {
        try {
            Http2Headers headers = decoder.decodeHeaders(
                    stream, Unpooled.wrappedBuffer(payload).skipBytes((flags & PRIORITY) == 0 ? 0 : PRIORITY_OCTETS));
            return String.valueOf(headers.status());
        } catch (Http2Exception e) {
            throw new IOException(e);
        }
    }
}
