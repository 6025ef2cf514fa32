package dev.gatehouse.bench.sandbox;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Calls at an even rate, whatever becomes of them. A call's time runs from the moment at which it was due, so that one that
 * had to wait for the call before it is not counted as fast (coordinated omission). One that has no answer when it is asked
 * for, and those that are due behind it, count as failed.
 */
public final class SteadyLoad implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final String NO_ANSWER = "no answer";

    private final List<Thread> threads = new ArrayList<>();
    private final List<Caller> callers = new ArrayList<>();
    private final ConcurrentLinkedQueue<Sample> samples = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final long startNanos = System.nanoTime();
    private final long gapNanos;
    /** For each connection, when the first of its calls that has no answer yet was due, since the load's start. */
    private final AtomicLongArray unanswered;

    /**
     * One call.
     *
     * @param atNanos when it was due, since the load's start
     */
    public record Sample(long atNanos, long tookNanos, Caller.Answer answer) {}

    /**
     * Begins at once.
     *
     * @param connections that the calls are spread over
     * @param path the n-th call's, told its number
     */
    public SteadyLoad(
            int port,
            @Nullable InetAddress from,
            String key,
            int perSecond,
            int connections,
            IntFunction<String> path) {
        long gap = TimeUnit.SECONDS.toNanos(1) * connections / perSecond;
        gapNanos = gap;
        unanswered = new AtomicLongArray(connections);
        for (int c = 0; c < connections; c++) {
            int number = c;
            unanswered.set(number, gap * number / connections);
            Caller caller = new Caller(port, from);
            callers.add(caller);
            threads.add(Thread.ofPlatform().daemon().start(() -> {
                try (caller) {
                    long due = startNanos + gap * number / connections;
                    for (int i = number; !stopped.get(); i += connections) {
                        for (long early; (early = due - System.nanoTime()) > 0 && !stopped.get(); ) {
                            LockSupport.parkNanos(early);
                        }
                        Caller.Answer answer = caller.get(path.apply(i), key);
                        samples.add(new Sample(due - startNanos, System.nanoTime() - due, answer));
                        due += gap;
                        unanswered.set(number, due - startNanos);
                    }
                }
            }));
        }
    }

    /** Nanoseconds since the load's start, the time of its samples. */
    public long now() {
        return System.nanoTime() - startNanos;
    }

    /** What became of the calls that were due between two instants; waits a little for those that are under way. */
    public Part between(long fromNanos, long toNanos) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (!stopped.get() && isWaitingBefore(toNanos) && System.nanoTime() < end) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        long now = now();
        long[] waiting = new long[unanswered.length()];
        Arrays.setAll(waiting, unanswered::get);
        Map<Long, Sample> part = new HashMap<>();
        for (long first : waiting) {
            for (long due = first; due < Math.min(toNanos, now); due += gapNanos) {
                if (due >= fromNanos) {
                    part.put(due, new Sample(due, now - due, new Caller.Answer(0, false, NO_ANSWER)));
                }
            }
        }
        // one that was answered meanwhile takes its place
        samples.stream()
                .filter(s -> s.atNanos >= fromNanos && s.atNanos < toNanos)
                .forEach(s -> part.put(s.atNanos, s));
        return new Part(List.copyOf(part.values()));
    }

    private boolean isWaitingBefore(long toNanos) {
        for (int c = 0; c < unanswered.length(); c++) {
            if (unanswered.get(c) < toNanos) {
                return true;
            }
        }
        return false;
    }

    /** What became of all calls that were due so far. */
    public Part all() {
        return between(0, now());
    }

    /** Lets the calls under way end for a second, and cuts off those that have no answer by then. */
    @Override
    public void close() {
        stopped.set(true);
        threads.forEach(LockSupport::unpark);
        try {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
            for (Thread thread : threads) {
                thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            }
            callers.forEach(Caller::close);
            for (Thread thread : threads) {
                thread.join(Duration.ofSeconds(5));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Some of the calls. */
    public record Part(List<Sample> samples) {
        public int calls() {
            return samples.size();
        }

        public long failures() {
            return samples.stream().filter(s -> s.answer.isFailure()).count();
        }

        public long degraded() {
            return samples.stream().filter(s -> s.answer.degraded()).count();
        }

        public long admitted() {
            return samples.stream().filter(s -> !s.answer.isFailure()).count();
        }

        /** How often each kind of failure was seen, as in {@code 503 upstream_unavailable}. */
        public Map<String, Integer> kinds() {
            Map<String, Integer> kinds = new LinkedHashMap<>();
            for (Sample sample : samples) {
                if (sample.answer.isFailure()) {
                    kinds.merge(sample.answer.status() + " " + sample.answer.code(), 1, Integer::sum);
                }
            }
            return kinds;
        }

        /** As a report has it: {@code 3 (2 × 503 upstream_unavailable, 1 × 0 no answer)}. */
        public String failuresByKind() {
            return failures()
                    + kinds().entrySet().stream()
                            .map(e -> e.getValue() + " × " + e.getKey())
                            .collect(Collectors.joining(", ", " (", ")"))
                            .replace(" ()", "");
        }

        /** Those of them that were due between two instants. */
        public Part between(long fromNanos, long toNanos) {
            return new Part(samples.stream()
                    .filter(s -> s.atNanos >= fromNanos && s.atNanos < toNanos)
                    .toList());
        }

        /** In milliseconds; NaN without calls. */
        public double percentile(double part) {
            if (samples.isEmpty()) {
                return Double.NaN;
            }
            long[] sorted = samples.stream().mapToLong(Sample::tookNanos).toArray();
            Arrays.sort(sorted);
            int index = (int) Math.ceil(part * sorted.length) - 1;
            return sorted[Math.clamp(index, 0, sorted.length - 1)] / 1e6;
        }
    }
}
