package dev.gatehouse.runtime.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.identity.InternalHeaders;
import dev.gatehouse.kernel.problem.Problem;
import dev.gatehouse.kernel.problem.ProblemCode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many requests of one tenant a service works on at once, so that whoever asks for what is costly keeps neither all
 * connections to the database nor all processors. A tenant has at most {@link #LIGHT} under way; once its requests together
 * have taken more than half of the last second (decaying, with a time constant of one second), it has a processor in two,
 * and at least one; all of them while no other tenant has called for a minute. Its other requests wait, in the order in which
 * they came; nobody else's do.
 *
 * <p>The gateway's turns (a limit of calls, tenant by tenant) cannot do this: to them a search of a millisecond and one of
 * two hundred are one call each.
 */
public final class TenantTurns {
    /** Of a tenant whose requests are quick: a third of a service's usual twelve connections. */
    static final int LIGHT = 4;

    private static final double BUSY_NANOS = 0.5e9;
    private static final double TIME_CONSTANT_NANOS = 1e9;
    private static final Duration FORGOTTEN = Duration.ofMinutes(1);

    /** All services of this process share its processors. */
    private static final TenantPresence HERE = new TenantPresence(System::nanoTime);

    private final Costly costly;
    private final TenantPresence presence;
    private final Duration patience;
    private final LongSupplier nanoTime;
    private final Cache<TenantId, Lane> lanes =
            Caffeine.newBuilder().expireAfterAccess(FORGOTTEN).build();

    /**
     * How many requests at once a tenant has that keeps the service busy.
     *
     * @param beside others
     * @param alone with nobody else there
     */
    record Costly(int beside, int alone) {}

    /**
     * @param patience how long a request waits before it is refused
     * @param nanoTime as {@link System#nanoTime}
     */
    TenantTurns(Costly costly, TenantPresence presence, Duration patience, LongSupplier nanoTime) {
        this.costly = costly;
        this.presence = presence;
        this.patience = patience;
        this.nanoTime = nanoTime;
    }

    /** For a service that shares this machine's processors with its database. */
    public static TenantTurns ofThisMachine() {
        int processors = Runtime.getRuntime().availableProcessors();
        return new TenantTurns(
                new Costly(Math.max(1, processors / 2), processors), HERE, Duration.ofSeconds(5), System::nanoTime);
    }

    /** Requests whose tenant has had its turn; all of them must be vouched for. */
    public Endpoint around(Endpoint endpoint) {
        return request -> {
            TenantId caller = request.caller().tenant();
            presence.see(caller);
            Lane lane = lanes.get(caller, Lane::new);
            if (!lane.enter()) {
                return refusal(request.id());
            }
            long start = nanoTime.getAsLong();
            try {
                return endpoint.handle(request);
            } finally {
                lane.leave(nanoTime.getAsLong() - start);
            }
        };
    }

    private static Response refusal(String requestId) {
        return Response.problem(Problem.of(
                                ProblemCode.CONCURRENCY_EXCEEDED,
                                "Calls that keep the service busy are served one after the other, and those before"
                                        + " this one took too long. Send fewer at once, or ask each for less.")
                        .withRequestId(requestId))
                .with(InternalHeaders.COST, "0")
                .with("Retry-After", "1");
    }

    /** One tenant's requests; guarded by itself. */
    private final class Lane {
        private final TenantId tenant;
        private final Queue<CountDownLatch> waiting = new ArrayDeque<>();
        private int working;
        private double spentNanos;
        private long spentAt = nanoTime.getAsLong();

        Lane(TenantId tenant) {
            this.tenant = tenant;
        }

        /** Waits for a turn; false when none came in time. */
        boolean enter() throws InterruptedException {
            CountDownLatch turn;
            synchronized (this) {
                if (waiting.isEmpty() && working < atOnce()) {
                    working++;
                    return true;
                }
                turn = new CountDownLatch(1);
                waiting.add(turn);
            }
            try {
                if (turn.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                    return true;
                }
            } catch (InterruptedException e) {
                if (givesUp(turn)) {
                    throw e;
                }
                Thread.currentThread().interrupt();
                return true;
            }
            return !givesUp(turn);
        }

        /** False when the turn has come meanwhile. */
        private synchronized boolean givesUp(CountDownLatch turn) {
            return waiting.remove(turn);
        }

        synchronized void leave(long tookNanos) {
            working--;
            decay();
            spentNanos += tookNanos;
            int atOnce = atOnce();
            while (working < atOnce && !waiting.isEmpty()) {
                working++;
                waiting.remove().countDown();
            }
        }

        private int atOnce() {
            decay();
            int busy = presence.isAlone(tenant) ? costly.alone() : costly.beside();
            return spentNanos > BUSY_NANOS ? busy : Math.max(busy, LIGHT);
        }

        private void decay() {
            long now = nanoTime.getAsLong();
            spentNanos *= Math.exp((spentAt - now) / TIME_CONSTANT_NANOS);
            spentAt = now;
        }
    }
}
