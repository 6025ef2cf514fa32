package dev.gatehouse.bench.sandbox;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Calls at an even rate, whatever becomes of them. A call's time runs from the moment at which it was due, so that one that
 * had to wait for the call before it is not counted as fast (coordinated omission).
 */
public final class SteadyLoad implements AutoCloseable {
    private final List<Thread> threads = new ArrayList<>();
    private final ConcurrentLinkedQueue<Sample> samples = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final long startNanos = System.nanoTime();

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
        for (int c = 0; c < connections; c++) {
            int number = c;
            threads.add(Thread.ofPlatform().daemon().start(() -> {
                try (Caller caller = new Caller(port, from)) {
                    long due = startNanos + gap * number / connections;
                    for (int i = number; !stopped.get(); i += connections) {
                        for (long early; (early = due - System.nanoTime()) > 0 && !stopped.get(); ) {
                            LockSupport.parkNanos(early);
                        }
                        Caller.Answer answer = caller.get(path.apply(i), key);
                        samples.add(new Sample(due - startNanos, System.nanoTime() - due, answer));
                        due += gap;
                    }
                }
            }));
        }
    }

    /** Nanoseconds since the load's start, the time of its samples. */
    public long now() {
        return System.nanoTime() - startNanos;
    }

    /** What became of the calls that were due between two instants. */
    public Part between(long fromNanos, long toNanos) {
        return new Part(samples.stream()
                .filter(s -> s.atNanos >= fromNanos && s.atNanos < toNanos)
                .toList());
    }

    public Part all() {
        return new Part(List.copyOf(samples));
    }

    @Override
    public void close() {
        stopped.set(true);
        for (Thread thread : threads) {
            LockSupport.unpark(thread);
            try {
                thread.join(TimeUnit.SECONDS.toMillis(35));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
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
