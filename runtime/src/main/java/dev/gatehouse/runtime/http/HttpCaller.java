package dev.gatehouse.runtime.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Calls other processes of the installation from a thread that may block. */
public final class HttpCaller implements AutoCloseable {

    /** @param headers the last value of each, by name without regard to case */
    @SuppressWarnings("ArrayRecordComponent")
    public record Answer(int status, Map<String, String> headers, byte[] body) {
        public boolean isSuccess() {
            return status >= 200 && status < 300;
        }
    }

    /** An answer whose body is read as it comes; to be closed. */
    public record Streamed(int status, InputStream body) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    private final Vertx vertx;
    private final HttpClient client;
    private final Duration timeout;

    /** @param timeout of a whole call */
    public HttpCaller(Vertx vertx, Duration timeout) {
        this(vertx, timeout, 32);
    }

    HttpCaller(Vertx vertx, Duration timeout, int connections) {
        this.vertx = vertx;
        this.timeout = timeout;
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout((int) timeout.toMillis()),
                new PoolOptions().setHttp1MaxSize(connections));
    }

    public Answer get(URI uri, Map<String, String> headers) throws IOException {
        return send("GET", uri, headers, new byte[0]);
    }

    /**
     * An answer of any length: the timeout is for its head, and for each pause of a minute in its body.
     *
     * @throws IOException when there is no head within the timeout
     */
    public Streamed stream(URI uri, Map<String, String> headers) throws IOException {
        RequestOptions options = new RequestOptions().setMethod(HttpMethod.GET).setAbsoluteURI(uri.toString());
        Map<String, String> all = new HashMap<>(headers);
        RequestSpans.handOn(all);
        all.forEach(options::putHeader);
        return await(
                "GET",
                uri,
                client.request(options)
                        .compose(request -> request.send()
                                .map(response -> new Streamed(
                                        response.statusCode(),
                                        AnswerBody.of(request, response, vertx.getOrCreateContext())))),
                () -> {});
    }

    /** @throws IOException when there is no whole answer within the timeout, or the caller is closed */
    public Answer send(String method, URI uri, Map<String, String> headers, byte[] body) throws IOException {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.valueOf(method))
                .setAbsoluteURI(uri.toString())
                .setTimeout(timeout.toMillis());
        Map<String, String> all = new HashMap<>(headers);
        RequestSpans.handOn(all);
        all.forEach(options::putHeader);
        Exchange exchange = new Exchange(body);
        Future<HttpClientRequest> request;
        try {
            request = client.request(options);
        } catch (IllegalStateException closed) {
            throw new IOException(method + " " + uri + ": " + closed.getMessage(), closed);
        }
        return await(method, uri, request.compose(exchange::begin), exchange::giveUp);
    }

    private <T> T await(String method, URI uri, Future<T> answer, Runnable giveUp) throws IOException {
        try {
            return answer.toCompletionStage()
                    .toCompletableFuture()
                    .get(timeout.toMillis() + 100, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(method + " " + uri + ": " + e.getMessage(), e);
        } catch (TimeoutException e) {
            giveUp.run();
            throw new IOException(method + " " + uri + ": no answer within " + timeout.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            giveUp.run();
            Thread.currentThread().interrupt();
            throw new IOException(method + " " + uri + ": interrupted", e);
        }
    }

    /** One call. */
    private static final class Exchange {
        private final byte[] body;
        private volatile @Nullable HttpClientRequest request;
        private volatile boolean givenUp;

        Exchange(byte[] body) {
            this.body = body;
        }

        /**
         * Runs on the request's context, where the body's handlers are in place before its first byte: composed from the
         * caller's thread, an answer that is quicker than that thread would be lost, and the caller would wait for ever.
         */
        Future<Answer> begin(HttpClientRequest connected) {
            request = connected;
            if (givenUp) {
                connected.reset();
            }
            return connected
                    .send(Buffer.buffer(body))
                    .compose(response -> response.body().map(content -> {
                        Map<String, String> answered = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
                        response.headers().forEach(answered::put);
                        return new Answer(response.statusCode(), answered, content.getBytes());
                    }));
        }

        /** Frees the connection: an answer that trickles on would hold it for as long as it likes. */
        void giveUp() {
            givenUp = true;
            HttpClientRequest connected = request;
            if (connected != null) {
                connected.reset();
            }
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
