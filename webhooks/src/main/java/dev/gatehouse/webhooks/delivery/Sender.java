package dev.gatehouse.webhooks.delivery;

import dev.gatehouse.webhooks.Attempt;
import dev.gatehouse.webhooks.guard.AddressGuard;
import dev.gatehouse.webhooks.guard.BlockedException;
import dev.gatehouse.webhooks.guard.Destination;
import dev.gatehouse.webhooks.guard.LookupFailedException;
import dev.gatehouse.webhooks.signature.Signer;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TrustOptions;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Makes one attempt, under one deadline over name, connection, head and body. It connects to the very address that the
 * guard has checked and names the host in Host and SNI. Redirects are not followed, bodies not unpacked, and of an answer
 * no more is read than {@link #MOST_READ} bytes.
 */
public final class Sender implements AutoCloseable {
    /** How long an attempt may take in all. */
    public static final Duration DEADLINE = Duration.ofSeconds(15);

    static final int MOST_READ = 256 * 1024;
    static final int KEPT = 16 * 1024;
    private static final int KEPT_HEADERS = 8 * 1024;

    private final HttpClient client;
    private final TlsTiming handshakes = new TlsTiming();
    private final AddressGuard guard;
    private final InstantSource clock;
    private final Duration deadline;

    public Sender(Vertx vertx, AddressGuard guard, InstantSource clock, Duration deadline) {
        this(vertx, guard, clock, deadline, null);
    }

    /** @param trust whom to trust; null for whom the platform trusts */
    Sender(Vertx vertx, AddressGuard guard, InstantSource clock, Duration deadline, @Nullable TrustOptions trust) {
        this.guard = guard;
        this.clock = clock;
        this.deadline = deadline;
        HttpClientOptions options = new HttpClientOptions();
        if (trust != null) {
            options.setTrustOptions(trust);
        }
        this.client = vertx.createHttpClient(
                options.setKeepAlive(true)
                        .setKeepAliveTimeout(20)
                        .setDecompressionSupported(false)
                        .setMaxHeaderSize(32 * 1024)
                        .setMaxInitialLineLength(4 * 1024)
                        .setSslEngineOptions(handshakes.options())
                        .setConnectTimeout((int) deadline.toMillis())
                        .setSslHandshakeTimeout(deadline.toMillis())
                        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS),
                // by host, and tenants share hosts (all who use the same automation service do): room for all that is
                // in flight
                new PoolOptions().setHttp1MaxSize(Limits.TOTAL));
    }

    /** Sends; blocks until the answer is there or the deadline is over. */
    public Finished send(Target target, Due due) {
        return new Exchange(target, due).run();
    }

    @Override
    public void close() {
        client.close();
    }

    /** One attempt as it goes. */
    private final class Exchange {
        private final Target target;
        private final Due due;
        private final Instant at = clock.instant();
        private final long start = System.nanoTime();
        private final Map<String, String> headers = new LinkedHashMap<>();
        private long dns;
        // written on the event loop
        private volatile long connect;
        private volatile long tls;
        private volatile long firstByte;
        private @Nullable String address;
        private @Nullable HttpClientRequest underWay;
        private boolean givenUp;

        Exchange(Target target, Due due) {
            this.target = target;
            this.due = due;
        }

        Finished run() {
            byte[] body = due.payload().getBytes(StandardCharsets.UTF_8);
            long timestamp = at.getEpochSecond();
            headers.put("Content-Type", "application/json");
            headers.put("User-Agent", "Gatehouse-Webhooks/1");
            headers.put("webhook-id", due.message());
            headers.put("webhook-timestamp", Long.toString(timestamp));
            headers.put("webhook-signature", signatures(timestamp, body));
            try {
                Destination destination = destination();
                address = destination.address().getHostAddress();
                return exchange(destination, Buffer.buffer(body));
            } catch (BlockedException e) {
                return failed("blocked", "the URL " + e.reason());
            } catch (UnknownHostException e) {
                return failed("dns", "the name has no address");
            } catch (LookupFailedException e) {
                return failed(Finished.OURS, e.getMessage() + "; this does not count as a failure of the receiver's");
            } catch (TimeoutException e) {
                return failed("timeout", "no whole answer within " + deadline.toMillis() + " ms");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return failed(Finished.OURS, "the worker was stopped");
            }
        }

        private String signatures(long timestamp, byte[] body) {
            return target.signers().stream()
                    .map((Signer signer) -> signer.sign(due.message(), timestamp, body))
                    .collect(Collectors.joining(" "));
        }

        private Destination destination() throws BlockedException, UnknownHostException, LookupFailedException {
            try {
                return guard.resolve(target.tenant(), target.url());
            } finally {
                dns = micros();
            }
        }

        private Finished exchange(Destination to, Buffer body) throws TimeoutException, InterruptedException {
            RequestOptions options = new RequestOptions()
                    .setMethod(HttpMethod.POST)
                    .setServer(SocketAddress.inetSocketAddress(
                            to.port(), to.address().getHostAddress()))
                    .setHost(to.host().contains(":") ? "[" + to.host() + "]" : to.host())
                    .setPort(to.port())
                    .setSsl(to.isTls())
                    .setURI(path(to))
                    .setFollowRedirects(false);
            headers.forEach(options::putHeader);
            CompletableFuture<Answer> answered = new CompletableFuture<>();
            long before = micros();
            // from here to the answer's end all happens on the client's event loop: each change of threads costs
            client.request(options)
                    .onComplete(
                            request -> {
                                if (isGivenUp(request)) {
                                    return;
                                }
                                connected(request, before);
                                begin(request, body, answered);
                            },
                            failure -> answered.completeExceptionally(new NotConnected(failure)));
            try {
                return answer(answered.get(left(), TimeUnit.NANOSECONDS));
            } catch (ExecutionException e) {
                return e.getCause() instanceof NotConnected none
                        ? failed(none.getCause() instanceof SSLException ? "tls" : "connect", words(none.getCause()))
                        : failed("broken", words(e.getCause()));
            } catch (TimeoutException | InterruptedException e) {
                giveUp();
                throw e;
            }
        }

        private void begin(HttpClientRequest request, Buffer body, CompletableFuture<Answer> answered) {
            request.response()
                    .onComplete(
                            response -> {
                                firstByte = micros();
                                new Answer(request, response, answered).read();
                            },
                            answered::completeExceptionally);
            request.end(body).onFailure(answered::completeExceptionally);
        }

        /** Also keeps the request, to be broken off. */
        private synchronized boolean isGivenUp(HttpClientRequest request) {
            if (givenUp) {
                request.reset();
            }
            underWay = request;
            return givenUp;
        }

        private synchronized void giveUp() {
            givenUp = true;
            if (underWay != null) {
                underWay.reset();
            }
        }

        /** Of a connection that was at hand already, no handshake belongs to this attempt. */
        private void connected(HttpClientRequest request, long before) {
            long now = micros();
            HttpConnection connection = request.connection();
            OptionalLong handshake = handshakes.begun(connection.localAddress(), connection.remoteAddress(true));
            long tcp = handshake.isPresent() ? (handshake.getAsLong() - start) / 1_000 : now;
            boolean isNew = tcp >= before;
            tls = isNew ? now - tcp : 0;
            connect = now - before - tls;
        }

        private Finished answer(Answer answer) {
            int status = answer.response.statusCode();
            boolean success = status >= 200 && status < 300;
            String detail = success
                    ? answer.isCut ? "the answer was longer than " + MOST_READ + " bytes and was cut off" : null
                    : status >= 300 && status < 400
                            ? "redirects are not followed: give the address that it leads to"
                            : "the receiver answered " + status;
            return finished(
                    RetryAfter.read(answer.response.getHeader("Retry-After"), at),
                    new Finished.Response(
                            status,
                            success ? null : "status",
                            detail,
                            address,
                            timing(),
                            sent(),
                            lines(answer.response),
                            text(answer.kept.getBytes())));
        }

        private Finished failed(String error, @Nullable String detail) {
            return finished(null, new Finished.Response(null, error, detail, address, timing(), sent(), "", ""));
        }

        private Finished finished(@Nullable Duration retryAfter, Finished.Response response) {
            return new Finished(due, at, retryAfter, response);
        }

        private String sent() {
            return headers.entrySet().stream()
                    .map(header -> header.getKey() + ": " + header.getValue())
                    .collect(Collectors.joining("\n"));
        }

        private Attempt.Timing timing() {
            return new Attempt.Timing(dns, connect, tls, firstByte, micros());
        }

        private long micros() {
            return (System.nanoTime() - start) / 1_000;
        }

        private long left() {
            return Math.max(0, deadline.toNanos() - (System.nanoTime() - start));
        }
    }

    /** There is no connection. */
    private static final class NotConnected extends Exception {
        private static final long serialVersionUID = 1;

        NotConnected(Throwable cause) {
            super(cause);
        }
    }

    /** An answer while its body arrives, on the client's event loop. */
    private static final class Answer {
        private final HttpClientRequest request;
        private final HttpClientResponse response;
        private final CompletableFuture<Answer> done;
        private final Buffer kept = Buffer.buffer();
        private int read;
        private boolean isCut;

        Answer(HttpClientRequest request, HttpClientResponse response, CompletableFuture<Answer> done) {
            this.request = request;
            this.response = response;
            this.done = done;
        }

        void read() {
            response.exceptionHandler(done::completeExceptionally);
            response.endHandler(v -> done.complete(this));
            response.handler(piece -> {
                read += piece.length();
                kept.appendBuffer(piece, 0, Math.min(piece.length(), KEPT - kept.length()));
                if (read > MOST_READ && !isCut) {
                    isCut = true;
                    done.complete(this);
                    request.reset();
                }
            });
        }
    }

    private static String path(Destination to) {
        String path = to.uri().getRawPath();
        String query = to.uri().getRawQuery();
        return (path == null || path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
    }

    private static String lines(HttpClientResponse response) {
        StringBuilder lines = new StringBuilder();
        response.headers()
                .forEach((name, value) ->
                        lines.append(name).append(": ").append(value).append('\n'));
        return text(lines.substring(0, Math.min(lines.length(), KEPT_HEADERS)).getBytes(StandardCharsets.UTF_8));
    }

    /** The database takes no NUL in a text. */
    private static String text(byte[] content) {
        return new String(content, StandardCharsets.UTF_8).replace('\0', '\uFFFD');
    }

    private static String words(@Nullable Throwable cause) {
        String message = cause == null ? null : cause.getMessage();
        String said = message == null ? String.valueOf(cause) : message;
        return text(said.substring(0, Math.min(said.length(), 300)).getBytes(StandardCharsets.UTF_8));
    }
}
