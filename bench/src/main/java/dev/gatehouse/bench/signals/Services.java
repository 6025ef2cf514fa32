package dev.gatehouse.bench.signals;

import dev.gatehouse.engines.Durability;
import dev.gatehouse.engines.EmbeddedPostgres;
import dev.gatehouse.engines.EmbeddedQueue;
import dev.gatehouse.engines.EmbeddedRedis;
import dev.gatehouse.events.EventsModule;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.listings.ListingsModule;
import dev.gatehouse.runtime.feed.Feed;
import dev.gatehouse.runtime.feed.HttpFeed;
import dev.gatehouse.runtime.feed.HttpSnapshotSource;
import dev.gatehouse.runtime.http.HttpCaller;
import dev.gatehouse.runtime.queue.Queues;
import dev.gatehouse.runtime.redis.Redis;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import dev.gatehouse.signals.SignalsModule;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Listings, the feed and signals on engines of their own, wired as {@code gatehouse up} wires them. */
final class Services implements AutoCloseable {
    private final Deque<AutoCloseable> parts;
    private final ListingsModule listings;
    private final SignalsModule signals;
    private final Feed feed;

    private Services(Deque<AutoCloseable> parts, ListingsModule listings, SignalsModule signals, Feed feed) {
        this.parts = parts;
        this.listings = listings;
        this.signals = signals;
        this.feed = feed;
    }

    static Services start(Path folder) throws Exception {
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        try {
            InternalSecrets secrets =
                    new InternalSecrets("a benchmark's secret of 32 bytes and more".getBytes(StandardCharsets.UTF_8));
            InstantSource clock = InstantSource.system();
            EmbeddedPostgres postgres =
                    kept(parts, EmbeddedPostgres.start(folder.resolve("postgres"), Durability.DURABLE));
            EmbeddedRedis redisServer =
                    kept(parts, EmbeddedRedis.start(folder.resolve("redis"), Durability.THROWN_AWAY));
            EmbeddedQueue queueServer = kept(parts, EmbeddedQueue.start());
            Vertx vertx = Vertx.vertx();
            parts.push(() ->
                    vertx.close().toCompletionStage().toCompletableFuture().join());
            Queues queues = kept(parts, Queues.connect(Optional.of(URI.create(queueServer.url())), "us-east-1"));
            Redis redis = kept(parts, Redis.connect(redisServer.url()));
            DatabaseUrl url = DatabaseUrl.parse(postgres.url());
            EventsModule events = kept(
                    parts,
                    EventsModule.start(
                            url, queues, vertx, secrets, clock, new EventsModule.Options(0, List.of("signals"))));
            HttpCaller caller = kept(parts, new HttpCaller(vertx, Duration.ofSeconds(10)));
            Feed feed = new HttpFeed(events::uri, secrets, caller);
            ListingsModule listings = kept(parts, ListingsModule.open(url, redis, secrets, clock));
            listings.relay(feed);
            URI listingsUri = listings.serve(vertx);
            SignalsModule signals = kept(parts, SignalsModule.open(url, secrets, clock));
            signals.follow(
                    feed,
                    queues,
                    new HttpSnapshotSource(() -> listingsUri, ListingsModule.SNAPSHOT_PATH, secrets, caller));
            return new Services(parts, listings, signals, feed);
        } catch (Exception e) {
            closeAll(parts);
            throw e;
        }
    }

    private static <T extends AutoCloseable> T kept(Deque<AutoCloseable> parts, T part) {
        parts.push(part);
        return part;
    }

    ListingsModule listings() {
        return listings;
    }

    Feed feed() {
        return feed;
    }

    /** The last sequence of the feed that is in the figures. */
    long position() {
        return signals.position();
    }

    /** Waits until the service knows everything that happened, its own signals included. */
    void awaitCaughtUp(long seconds) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        long still = 0;
        while (still < 20) {
            long last = feed.after(Long.MAX_VALUE - 1, 1).last();
            still = last > 0 && position() >= last ? still + 1 : 0;
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the service is at " + position() + " of " + last);
            }
            LockSupport.parkNanos(100_000_000);
        }
    }

    @Override
    public void close() throws Exception {
        closeAll(parts);
    }

    private static void closeAll(Deque<AutoCloseable> parts) throws Exception {
        while (!parts.isEmpty()) {
            parts.pop().close();
        }
    }
}
