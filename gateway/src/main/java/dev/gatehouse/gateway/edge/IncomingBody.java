package dev.gatehouse.gateway.edge;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

/** What a request's head says of the body behind it, and what becomes of a body that nobody reads. Belongs to one event loop. */
final class IncomingBody {
    /** A body that is no longer is read away, so that its connection can serve on. */
    private static final long DISCARDED = 64 * 1024;

    private final HttpServerRequest request;
    private final Runnable closeAfterAnswer;

    /** @param closeAfterAnswer has the connection closed once the call is answered; over HTTP/2 it does nothing */
    IncomingBody(HttpServerRequest request, Runnable closeAfterAnswer) {
        this.request = request;
        this.closeAfterAnswer = closeAfterAnswer;
    }

    /** Whether something may follow the head; over HTTP/2 only what comes tells. */
    boolean mayExist() {
        return isHttp2() || declared() > 0 || request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
    }

    /** The length that the head names; -1 when it names none. One that is no number counts as 0: the decoders refuse it. */
    long declared() {
        String text = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        if (text == null) {
            return -1;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /**
     * Lets go of what the call has not read: a little is read away, so that the connection can serve on; with more the
     * connection goes, and over HTTP/2 the stream (RFC 9113, section 8.1).
     */
    void discard() {
        if (!mayExist() || request.isEnded()) {
            return;
        }
        long declared = declared();
        if (declared < 0 || declared > DISCARDED) {
            closeAfterAnswer.run();
        }
        long[] dropped = new long[1];
        request.handler(octets -> {
            dropped[0] += octets.length();
            if (dropped[0] > DISCARDED && isHttp2()) {
                request.handler(null);
                var unused = request.response().reset(0);
            }
        });
        request.endHandler(null);
        request.resume();
    }

    private boolean isHttp2() {
        return request.version() == HttpVersion.HTTP_2;
    }
}
