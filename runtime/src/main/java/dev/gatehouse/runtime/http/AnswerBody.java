package dev.gatehouse.runtime.http;

import io.vertx.core.Context;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.io.IOException;

/** The body of another process's answer as a blocking stream; closing it before its end breaks the answer off. */
final class AnswerBody extends PieceStream {
    private final HttpClientRequest request;
    private final Context context;
    private boolean ended;

    private AnswerBody(HttpClientRequest request, HttpClientResponse response, Context context) {
        super(response, context, "the other process");
        this.request = request;
        this.context = context;
    }

    /** To be called on the request's context before anything of the body was delivered. */
    static AnswerBody of(HttpClientRequest request, HttpClientResponse response, Context context) {
        AnswerBody body = new AnswerBody(request, response, context);
        body.begin();
        return body;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int count = super.read(into, offset, length);
        ended |= count < 0;
        return count;
    }

    @Override
    public void close() {
        if (!ended) {
            context.runOnContext(v -> request.reset());
        }
    }
}
