package dev.gatehouse.app.start;

import dev.gatehouse.app.installation.StartRefused;
import dev.gatehouse.engines.EngineException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a start does, side by side: each step has a thread of its own and waits for the steps that it needs by asking them
 * for what they made. What was started is stopped in the reverse order of its coming up.
 */
public final class Steps {
    private static final Logger LOG = LoggerFactory.getLogger(Steps.class);

    /** How long one part may take to stop while others wait for it. */
    private static final Duration PART = Duration.ofSeconds(2);

    private record Started(String name, AutoCloseable part) {}

    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofPlatform().name("start-", 0).daemon().factory());
    private final Deque<Started> started = new ArrayDeque<>();
    private boolean stopping;

    /** A thing on its way; {@link #get()} waits for it. */
    public record Step<T>(CompletableFuture<T> coming) implements Supplier<T> {
        @Override
        public T get() {
            try {
                return coming.join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof RuntimeException cause ? cause : e;
            }
        }

        /** Whether it is there and came up well. */
        boolean isThere() {
            return coming.isDone() && !coming.isCompletedExceptionally();
        }

        /** Waits for it. */
        void await() {
            T unused = get();
        }
    }

    /** Begins a step at once. */
    public <T extends AutoCloseable> Step<T> start(String name, Callable<T> make) {
        return new Step<>(CompletableFuture.supplyAsync(
                () -> {
                    long begun = System.nanoTime();
                    T part = make(name, make);
                    keep(new Started(name, part));
                    LOG.info("{} is up after {} ms", name, (System.nanoTime() - begun) / 1_000_000);
                    return part;
                },
                threads));
    }

    private static <T> T make(String name, Callable<T> make) {
        try {
            return make.call();
        } catch (StartRefused | EngineException e) {
            throw e;
        } catch (Exception e) {
            LOG.error("{} does not start", name, e);
            throw new StartRefused(name + " does not start: " + reason(e), e);
        }
    }

    /** One line; the whole of it is in the log. */
    private static String reason(Exception failure) {
        String said = String.valueOf(
                failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage());
        return said.lines().findFirst().orElse("").strip();
    }

    private void keep(Started part) {
        synchronized (started) {
            if (!stopping) {
                started.push(part);
                return;
            }
        }
        stop(part);
    }

    /**
     * Stops all that came up, the last first. What comes up later is stopped at once. A part that takes longer than
     * {@link #PART} is left to itself and the next one begins; when the whole time is up, nothing is waited for any more.
     *
     * @param patient the part that may use all of the time, since it waits for others: calls under way
     */
    public void stopAll(Duration limit, String patient) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            Started next;
            synchronized (started) {
                stopping = true;
                if (started.isEmpty()) {
                    break;
                }
                next = started.pop();
            }
            Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
            stopWithin(next, next.name().equals(patient) || left.compareTo(PART) < 0 ? left : PART);
        }
        threads.shutdown();
    }

    /** Stops all that came up side by side, and returns after this time at the latest. */
    public void stopTogether(Duration limit) {
        List<Started> all;
        synchronized (started) {
            stopping = true;
            all = List.copyOf(started);
            started.clear();
        }
        long deadline = System.nanoTime() + limit.toNanos();
        List<Thread> stops = all.stream().map(Steps::begin).toList();
        for (int i = 0; i < stops.size(); i++) {
            await(all.get(i), stops.get(i), Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        }
        threads.shutdown();
    }

    private static void stopWithin(Started part, Duration patience) {
        await(part, begin(part), patience);
    }

    private static Thread begin(Started part) {
        return Thread.ofPlatform().daemon().name("stop-" + part.name()).start(() -> stop(part));
    }

    private static void await(Started part, Thread stop, Duration patience) {
        try {
            if (!stop.join(patience)) {
                LOG.warn("{} has not stopped within {} ms and is left behind", part.name(), patience.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void stop(Started part) {
        long begun = System.nanoTime();
        try {
            part.part().close();
            LOG.info("{} stopped after {} ms", part.name(), (System.nanoTime() - begun) / 1_000_000);
        } catch (Exception e) {
            LOG.warn("{} did not stop in good order", part.name(), e);
        }
    }
}
