package dev.gatehouse.runtime.http;

import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;

/** A request's body as a blocking stream. */
final class RequestBody extends PieceStream {
    private static final int DISCARDED = 1 << 20;

    private final HttpServerRequest request;

    private RequestBody(HttpServerRequest request, Context context) {
        super(request, context, "the client");
        this.request = request;
    }

    /** To be called on the request's context before anything of the body was delivered. */
    static RequestBody of(HttpServerRequest request, Context context) {
        RequestBody body = new RequestBody(request, context);
        body.begin();
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
}
