package dev.gatehouse.runtime.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** A response's body as a blocking stream: a write returns once the socket took it, so a slow client slows its writer. */
final class ResponseStream extends OutputStream {
    private static final int PIECE = 16 * 1024;
    private static final long PATIENCE_SECONDS = 60;

    private final HttpServerResponse response;
    private final Context context;
    private final Runnable head;
    private Buffer buffer = Buffer.buffer(PIECE);
    private boolean headSent;

    ResponseStream(HttpServerResponse response, Context context, Runnable head) {
        this.response = response;
        this.context = context;
        this.head = head;
    }

    @Override
    public void write(int b) throws IOException {
        buffer.appendByte((byte) b);
        sendWhenFull();
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        buffer.appendBytes(from, offset, length);
        sendWhenFull();
    }

    private void sendWhenFull() throws IOException {
        if (buffer.length() >= PIECE) {
            flush();
        }
    }

    @Override
    public void flush() throws IOException {
        Buffer piece = buffer;
        buffer = Buffer.buffer(PIECE);
        boolean first = !headSent;
        headSent = true;
        await(() -> {
            if (first) {
                head.run();
            }
            return piece.length() == 0 ? Future.succeededFuture() : response.write(piece);
        });
    }

    @Override
    public void close() throws IOException {
        Buffer piece = buffer;
        buffer = Buffer.buffer();
        boolean first = !headSent;
        headSent = true;
        await(() -> {
            if (first) {
                head.run();
            }
            return piece.length() == 0 ? response.end() : response.end(piece);
        });
    }

    private void await(Supplier<Future<Void>> write) throws IOException {
        CompletableFuture<Void> done = new CompletableFuture<>();
        context.runOnContext(v -> {
            if (response.closed() || response.ended()) {
                done.completeExceptionally(new IOException("the client went away"));
                return;
            }
            try {
                write.get().onComplete(result -> {
                    if (result.succeeded()) {
                        done.complete(null);
                    } else {
                        done.completeExceptionally(result.cause());
                    }
                });
            } catch (RuntimeException e) {
                done.completeExceptionally(new UnwritableException(e));
            }
        });
        try {
            done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnwritableException unwritable) {
                throw unwritable;
            }
            throw new IOException("the client went away", e.getCause());
        } catch (TimeoutException e) {
            context.runOnContext(v -> response.reset());
            throw new IOException("the client took nothing for " + PATIENCE_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while answering", e);
        }
    }

    /** The answer itself is at fault, not its client. */
    private static final class UnwritableException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnwritableException(RuntimeException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
