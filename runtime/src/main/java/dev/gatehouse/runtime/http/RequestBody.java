package dev.gatehouse.runtime.http;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A request's body as a blocking stream: the next piece is asked of the socket when the one before was read. */
final class RequestBody extends InputStream {
    private static final Buffer END = Buffer.buffer();
    private static final Buffer BROKEN = Buffer.buffer();
    private static final long IDLE_SECONDS = 60;
    private static final int DISCARDED = 1 << 20;

    private final HttpServerRequest request;
    private final Context context;
    private final BlockingQueue<Buffer> pieces = new LinkedBlockingQueue<>();
    private Buffer piece = Buffer.buffer();
    private int position;

    private RequestBody(HttpServerRequest request, Context context) {
        this.request = request;
        this.context = context;
    }

    /** To be called on the request's context before anything of the body was delivered. */
    static RequestBody of(HttpServerRequest request, Context context) {
        RequestBody body = new RequestBody(request, context);
        request.exceptionHandler(e -> body.pieces.add(BROKEN));
        request.endHandler(v -> body.pieces.add(END));
        request.handler(body.pieces::add);
        request.pause();
        request.fetch(1);
        return body;
    }

    /**
     * Lets go of what the endpoint did not read, so that the connection can carry the next request; a client that has more
     * than a mebibyte still to say is cut off. To be called on the request's context.
     */
    void discard() {
        if (request.isEnded()) {
            return;
        }
        int[] dropped = new int[1];
        request.handler(next -> {
            dropped[0] += next.length();
            if (dropped[0] > DISCARDED) {
                request.connection().close();
            }
        });
        request.resume();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (position == piece.length()) {
            if (piece == END) {
                return -1;
            }
            piece = next();
            position = 0;
            if (piece == BROKEN) {
                throw new IOException("the client broke off its body");
            }
            if (piece != END) {
                context.runOnContext(v -> request.fetch(1));
            }
        }
        int count = Math.min(length, piece.length() - position);
        piece.getBytes(position, position + count, into, offset);
        position += count;
        return count;
    }

    private Buffer next() throws IOException {
        try {
            Buffer next = pieces.poll(IDLE_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new IOException("the client sent nothing of its body for " + IDLE_SECONDS + " s");
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while reading a body", e);
        }
    }
}
