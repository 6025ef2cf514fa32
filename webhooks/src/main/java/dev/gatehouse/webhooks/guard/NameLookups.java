package dev.gatehouse.webhooks.guard;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks names up while somebody waits for an answer: for a moment only, and a few at a time, since a name server that does
 * not answer holds a thread for long. What is not known in time is not known.
 */
final class NameLookups {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int AT_ONCE = 8;

    private final Resolver resolver;
    private final ExecutorService threads = new ThreadPoolExecutor(
            0,
            AT_ONCE,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().name("webhook-lookups-", 0).daemon().factory());

    NameLookups(Resolver resolver) {
        this.resolver = resolver;
    }

    /** The addresses of the name; empty when it has none, or none that is found soon. */
    List<InetAddress> now(String name) {
        Future<List<InetAddress>> lookup;
        try {
            lookup = threads.submit(() -> resolver.resolve(name));
        } catch (RejectedExecutionException e) {
            return List.of();
        }
        try {
            return lookup.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            lookup.cancel(true);
            return List.of();
        } catch (InterruptedException e) {
            lookup.cancel(true);
            Thread.currentThread().interrupt();
            return List.of();
        }
    }
}
