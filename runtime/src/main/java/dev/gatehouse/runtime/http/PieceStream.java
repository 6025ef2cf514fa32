package dev.gatehouse.runtime.http;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A body as a blocking stream: the next piece is asked of the socket when the one before was read. */
class PieceStream extends InputStream {
    private static final Buffer END = Buffer.buffer();
    private static final Buffer BROKEN = Buffer.buffer();
    private static final long IDLE_SECONDS = 60;

    private final ReadStream<Buffer> source;
    private final Context context;
    private final String sender;
    private final BlockingQueue<Buffer> pieces = new LinkedBlockingQueue<>();
    private Buffer piece = Buffer.buffer();
    private int position;

    /**
     * To be made on {@code context}, and begun before anything of the body was delivered.
     *
     * @param sender who sends it, in complaints
     */
    PieceStream(ReadStream<Buffer> source, Context context, String sender) {
        this.source = source;
        this.context = context;
        this.sender = sender;
    }

    final void begin() {
        source.exceptionHandler(e -> pieces.add(BROKEN));
        source.endHandler(v -> pieces.add(END));
        source.handler(pieces::add);
        source.pause();
        source.fetch(1);
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
            if (piece != BROKEN) {
                piece = next();
                position = 0;
            }
            if (piece == BROKEN) {
                throw new IOException(sender + " broke off its body");
            }
            if (piece != END) {
                context.runOnContext(v -> source.fetch(1));
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
                throw new IOException(sender + " sent nothing of its body for " + IDLE_SECONDS + " s");
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while reading a body", e);
        }
    }
}
