package dev.gatehouse.gateway.snapshot;

import dev.gatehouse.gateway.standing.Caller;
import dev.gatehouse.kernel.directory.DirectoryPaths;
import dev.gatehouse.kernel.directory.KeyLookup;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.runtime.aside.SetAsides;
import dev.gatehouse.runtime.json.Json;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the {@link DirectoryIndex} fresh: asks the directory every 250 ms what has changed, and at once when
 * {@link #hint} is called. Single keys that are not known yet are asked for on demand ({@link #lookup}).
 */
public final class DirectoryClient {
    /** How often the directory is asked. */
    public static final long POLL_MILLIS = 250;

    private static final Logger LOG = LoggerFactory.getLogger(DirectoryClient.class);
    private static final long POLL_TIMEOUT_MILLIS = 5_000;
    private static final long LOOKUP_TIMEOUT_MILLIS = 50;
    private static final long HINTED_MILLIS = 10;
    private static final long COPY_MILLIS = 1_000;
    private static final int LARGE_BYTES = 256 << 10;
    private static final long EVERYTHING_NANOS = 10_000_000_000L;
    private static final String SOURCE = "gateway.directory";

    private final Vertx vertx;
    private final Context context;
    private final HttpClient http;
    private final HttpClient lookupHttp;
    private final URI directory;
    private final String token;
    private final DirectoryIndex index;
    private final SnapshotFile file;
    private final Runnable changed;
    private final ConcurrentHashMap<Digest, Future<Optional<Caller>>> lookups = new ConcurrentHashMap<>();
    private final Promise<Void> ready = Promise.promise();
    private final AtomicReference<@Nullable Promise<Void>> nextAnswer = new AtomicReference<>();
    private volatile long freshNanos = System.nanoTime();
    private volatile boolean closed;
    private boolean polling;
    private long pollBegan = System.nanoTime();
    private boolean hinted;
    private boolean soon;
    private long nextPoll = -1;
    private boolean failing;
    private boolean everything;
    private long askedForEverything = System.nanoTime() - EVERYTHING_NANOS;
    private volatile @Nullable String fault;
    private long copied;
    private boolean copying;

    /**
     * @param changed run after every change, on the client's own context
     * @param asides told which entries cannot be used
     */
    public DirectoryClient(
            Vertx vertx, URI directory, InternalSecrets secrets, Path folder, SetAsides asides, Runnable changed) {
        index = new DirectoryIndex(asides.inMemory(SOURCE, record -> askForEverything()));
        this.vertx = vertx;
        this.directory = directory;
        this.changed = changed;
        token = secrets.processToken();
        file = new SnapshotFile(folder);
        context = vertx.getOrCreateContext();
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout(1_000)
                .setSsl("https".equals(directory.getScheme()))
                .setDecompressionSupported(true);
        http = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(1));
        // of their own: changes must not wait behind a flood of unknown keys
        lookupHttp = vertx.createHttpClient(
                options, new PoolOptions().setHttp1MaxSize(8).setMaxWaitQueueSize(256));
    }

    public DirectoryIndex index() {
        return index;
    }

    /**
     * Serves from the copy on disk at once, and polls from then on.
     *
     * @return completes after the first answer of the directory, or when there is a copy to serve from
     */
    public Future<Void> start() {
        // the first lookup has 50 ms, too few for finding out how a lookup is read
        var unused = Json.MAPPER.readerFor(KeyLookup.class);
        Optional<ReadSnapshot> copy = file.read();
        copy.ifPresent(snapshot -> {
            boolean unused2 = index.apply(snapshot);
            copied = snapshot.version();
            LOG.info("serving from the copy of the directory's version {} until it answers", snapshot.version());
        });
        context.runOnContext(v -> {
            if (copy.isPresent() && compile()) {
                ready.tryComplete();
            }
            poll();
            vertx.setPeriodic(COPY_MILLIS, id -> copyToDisk());
        });
        return ready.future();
    }

    /** Seconds since the directory last said what is true. */
    public double staleness() {
        return (System.nanoTime() - freshNanos) / 1e9;
    }

    /** What keeps the directory's newest word from being served by; null while nothing does. */
    public @Nullable String fault() {
        return fault;
    }

    /** Asks for a whole snapshot at once. */
    private void askForEverything() {
        context.runOnContext(v -> {
            everything = true;
            hint();
        });
    }

    /** Something may have changed: asks at once. */
    public void hint() {
        context.runOnContext(v -> {
            hinted = true;
            if (!polling) {
                pollSoon();
            }
        });
    }

    public void close() {
        closed = true;
        var unused = http.close();
        var unusedToo = lookupHttp.close();
    }

    /**
     * Completes when the directory has answered a question that was put after this call, so that what it knew now is in the
     * index; fails when it has not answered within 50 ms. One question serves all who wait, and at most a hundred are put a
     * second, however many wait.
     */
    public Future<Void> refreshed() {
        Promise<Void> next = nextAnswer.get();
        while (next == null) {
            Promise<Void> mine = Promise.promise();
            if (nextAnswer.compareAndSet(null, mine)) {
                hint();
                next = mine;
            } else {
                next = nextAnswer.get();
            }
        }
        return next.future().timeout(LOOKUP_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void pollSoon() {
        long rest = HINTED_MILLIS - (System.nanoTime() - pollBegan) / 1_000_000;
        if (rest <= 0) {
            poll();
        } else if (!soon && !closed) {
            soon = true;
            vertx.setTimer(rest, id -> {
                soon = false;
                poll();
            });
        }
    }

    private void poll() {
        if (polling || closed) {
            return;
        }
        polling = true;
        hinted = false;
        pollBegan = System.nanoTime();
        Promise<Void> awaited = nextAnswer.getAndSet(null);
        String path = DirectoryPaths.CHANGES + "?after=" + (everything ? 0 : index.version());
        everything = false;
        ask(http, path, POLL_TIMEOUT_MILLIS).compose(this::read).onComplete(answer -> {
            polling = false;
            if (answer.succeeded() && absorb(answer.result())) {
                ready.tryComplete();
                if (awaited != null) {
                    awaited.tryComplete();
                }
            } else {
                if (answer.failed()) {
                    complain("does not answer", answer.cause());
                }
                if (awaited != null) {
                    awaited.tryFail(new IOException("the directory does not answer"));
                }
            }
            if (hinted) {
                pollSoon();
            } else if (!closed) {
                // one timer, however many hints there were
                vertx.cancelTimer(nextPoll);
                nextPoll = vertx.setTimer(POLL_MILLIS, id -> poll());
            }
        });
    }

    /** What the directory says: something, nothing new, or what cannot be read. */
    private sealed interface Word {
        record News(ReadSnapshot changes) implements Word {}

        record Nothing() implements Word {}

        record Unreadable(Throwable cause) implements Word {}
    }

    /** A large answer is not read on the event loop, which serves calls meanwhile. */
    private Future<Word> read(Answer answer) {
        return switch (answer.status) {
            case 200 ->
                answer.body.length() > LARGE_BYTES
                        ? vertx.executeBlocking(() -> word(answer.body)).map(Objects::requireNonNull)
                        : Future.succeededFuture(word(answer.body));
            case 204 -> Future.succeededFuture(new Word.Nothing());
            default -> Future.failedFuture(new IOException("the directory answered " + answer.status));
        };
    }

    private static Word word(Buffer body) {
        try {
            return new Word.News(ReadSnapshot.of(body.getBytes()));
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            return new Word.Unreadable(e);
        }
    }

    private boolean absorb(Word word) {
        switch (word) {
            case Word.News(ReadSnapshot changes) -> {
                if (!apply(changes)) {
                    return false;
                }
            }
            case Word.Unreadable(Throwable cause) -> {
                fault = "the directory's answer cannot be read: " + Damaged.reason(cause);
                complain("says what cannot be read", cause);
                return false;
            }
            case Word.Nothing() -> {}
        }
        fault = null;
        freshNanos = System.nanoTime();
        if (failing) {
            failing = false;
            LOG.info("the directory answers again");
        }
        return true;
    }

    private boolean apply(ReadSnapshot changes) {
        try {
            boolean named = index.apply(changes);
            long now = System.nanoTime();
            if (!named && !changes.isWhole() && now - askedForEverything >= EVERYTHING_NANOS) {
                askedForEverything = now;
                everything = true;
                hinted = true;
            }
        } catch (RuntimeException e) {
            fault = "the snapshot cannot be applied: " + Damaged.reason(e);
            LOG.error("The directory's version {} cannot be applied.", changes.version(), e);
            return false;
        }
        return compile();
    }

    /** Tells of the change; what it meets must not end the polling. */
    private boolean compile() {
        try {
            changed.run();
            return true;
        } catch (RuntimeException | Error e) {
            fault = "the snapshot cannot be served by: " + Damaged.reason(e);
            LOG.error("The directory's version {} cannot be served by.", index.version(), e);
            return false;
        }
    }

    private void complain(String what, Throwable cause) {
        if (!failing) {
            failing = true;
            LOG.warn("the directory {}, serving from version {}: {}", what, index.version(), cause.toString());
        }
    }

    private void copyToDisk() {
        long version = index.version();
        if (version == copied || copying) {
            return;
        }
        copying = true;
        vertx.executeBlocking(() -> {
                    file.write(index.copy());
                    return version;
                })
                .onComplete(done -> {
                    copying = false;
                    if (done.succeeded()) {
                        copied = version;
                    } else {
                        LOG.warn(
                                "the snapshot's copy is not written: {}",
                                done.cause().toString());
                    }
                });
    }

    /**
     * Asks the directory for one key, at most once at a time for all who wait for it.
     *
     * @return the caller; empty when the directory knows no such key; failed when it did not answer within 50 ms
     */
    public Future<Optional<Caller>> lookup(Digest digest) {
        Promise<Optional<Caller>> promise = Promise.promise();
        Future<Optional<Caller>> running = lookups.putIfAbsent(digest, promise.future());
        if (running != null) {
            return running;
        }
        context.runOnContext(v -> ask(lookupHttp, DirectoryPaths.KEYS + "/" + digest.hex(), LOOKUP_TIMEOUT_MILLIS)
                .map(this::learn)
                .onComplete(done -> {
                    lookups.remove(digest);
                    if (done.succeeded()) {
                        promise.complete(done.result());
                    } else {
                        promise.fail(done.cause());
                    }
                }));
        return promise.future();
    }

    private Optional<Caller> learn(Answer answer) {
        return switch (answer.status) {
            case 200 -> Optional.of(index.learn(Json.read(answer.body.getBytes(), KeyLookup.class)));
            case 404 -> Optional.empty();
            default -> throw new IllegalStateException("the directory answered " + answer.status);
        };
    }

    private record Answer(int status, Buffer body) {}

    private Future<Answer> ask(HttpClient client, String path, long timeoutMillis) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(directory.getHost())
                .setPort(directory.getPort())
                .setURI(path)
                .setTimeout(timeoutMillis)
                .putHeader(InternalSecrets.PROCESS_HEADER, token);
        return client.request(options)
                .compose(request -> request.send())
                .compose(response -> response.body().map(body -> new Answer(response.statusCode(), body)))
                .timeout(timeoutMillis, TimeUnit.MILLISECONDS);
    }
}
