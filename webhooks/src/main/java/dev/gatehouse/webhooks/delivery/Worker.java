package dev.gatehouse.webhooks.delivery;

import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.runtime.queue.Queue;
import dev.gatehouse.webhooks.Shares;
import dev.gatehouse.webhooks.delivery.DeliveryStore.Again;
import dev.gatehouse.webhooks.delivery.DeliveryStore.Disabled;
import dev.gatehouse.webhooks.delivery.DeliveryStore.Recorded;
import dev.gatehouse.webhooks.delivery.Turns.Turn;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes deliveries. A pointer names an endpoint; when its turn comes a few of its due deliveries are claimed under a lease,
 * each is tried on a thread of its own, and results are written down together. A worker that dies lets its claims lapse,
 * and the timer offers them again.
 */
public final class Worker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    /** How long a claim holds: longer than an attempt and the writing of its result take. */
    static final Duration LEASE = Duration.ofSeconds(60);

    private static final Duration TIMER = Duration.ofSeconds(1);
    /** The fast path gets so long before the timer thinks it lost. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    private static final Duration OFFERED = Duration.ofSeconds(10);
    private static final int CLAIMERS = 2;
    private static final int LISTENERS = 2;

    private final DeliveryStore store;
    private final Sender sender;
    private final InstantSource clock;
    private final Shares shares;
    private final Turns turns;
    private final Pointers pointers;
    private final Recorder recorder;
    private final Consumer<Disabled> notice;
    private final String name;
    private final AtomicLong claims = new AtomicLong();
    private final ExecutorService attempts = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Thread> threads = new ArrayList<>();
    private final CountDownLatch stop = new CountDownLatch(1);

    private Worker(
            DeliveryStore store,
            Sender sender,
            Queue queue,
            InstantSource clock,
            Rules rules,
            Consumer<Disabled> notice) {
        this.store = store;
        this.sender = sender;
        this.clock = clock;
        this.notice = notice;
        this.shares = rules.shares();
        this.turns = new Turns(rules.limits(), rules.shares(), System::nanoTime);
        this.name = PrefixedId.next("wrk", clock);
        this.recorder = new Recorder(store, new Judge(new SecureRandom()), this::recorded);
        this.pointers = Pointers.start(queue, clock, turns::wake, LISTENERS);
    }

    /** How much a worker does at once, and for whom. */
    public record Rules(Limits limits, Shares shares) {}

    /** @param notice told of endpoints that were disabled for failing */
    public static Worker start(
            DeliveryStore store,
            Sender sender,
            Queue queue,
            InstantSource clock,
            Rules rules,
            Consumer<Disabled> notice) {
        Worker worker = new Worker(store, sender, queue, clock, rules, notice);
        for (int i = 0; i < CLAIMERS; i++) {
            worker.threads.add(
                    Thread.ofPlatform().name("webhook-claims-" + i).daemon().start(worker::takeTurns));
        }
        worker.threads.add(Thread.ofPlatform().name("webhook-timer").daemon().start(worker::keepTime));
        return worker;
    }

    /** Tells workers of deliveries that were made just now. */
    public void offer(Collection<Again> due) {
        pointers.send(due);
    }

    private void takeTurns() {
        while (true) {
            try {
                Optional<Turn> turn = turns.next();
                if (turn.isEmpty()) {
                    return;
                }
                take(turn.get());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void take(Turn turn) {
        List<Due> claimed = List.of();
        Optional<Target> target = Optional.empty();
        try {
            Instant now = clock.instant();
            target = store.target(turn.lane().endpoint, now);
            int room = target.map(known -> allowed(known, turn.room(), now)).orElse(0);
            if (room > 0) {
                claimed = store.claim(
                        new DeliveryStore.Wanted(
                                turn.lane().endpoint, target.orElseThrow().isOrdered()),
                        nextClaim(),
                        now,
                        LEASE,
                        room);
            }
        } catch (RuntimeException | Error e) {
            LOG.warn("Deliveries to {} cannot be claimed now; the timer offers them again.", turn.lane().endpoint, e);
        }
        turns.claimed(turn, claimed.size());
        for (Due due : claimed) {
            Target to = target.orElseThrow();
            attempts.execute(() -> attempt(turn.lane(), to, due));
        }
    }

    /** Each claim is another: what comes back from one that lapsed must not count for its successor, here either. */
    private String nextClaim() {
        return name + "." + claims.incrementAndGet();
    }

    /** An open breaker lets one through when its pause is over, and then nobody else until that one is back. */
    private int allowed(Target target, int room, Instant now) {
        if (!target.isEnabled()) {
            return 0;
        }
        Instant openUntil = target.openUntil();
        if (openUntil == null) {
            return room;
        }
        return !openUntil.isAfter(now) && store.takeProbe(target.endpoint(), openUntil, now.plus(Judge.PROBE_TERM))
                ? 1
                : 0;
    }

    private void attempt(Lane lane, Target target, Due due) {
        long start = System.nanoTime();
        boolean success = false;
        try {
            if (shares.isSuspended(lane.tenant)) {
                // suspended between claim and attempt: its claim lapses, and it is tried again once the tenant is back
                return;
            }
            Finished finished = sender.send(target, due);
            success = finished.isSuccess();
            recorder.add(finished);
        } catch (RuntimeException | Error e) {
            LOG.error("Delivery {} could not be tried; it is tried again when its claim lapses.", due.id(), e);
        } finally {
            turns.tried(lane, System.nanoTime() - start, success);
        }
    }

    private void recorded(Recorded recorded) {
        pointers.send(recorded.again());
        for (String endpoint : recorded.recovered()) {
            turns.ramp(endpoint);
            store.target(endpoint, clock.instant()).ifPresent(target -> turns.wake(endpoint, target.tenant()));
        }
        recorded.freed().forEach(again -> turns.wake(again.endpoint(), again.tenant()));
        recorded.disabled().forEach(notice);
    }

    private void keepTime() {
        try {
            while (!stop.await(TIMER.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    Instant now = clock.instant();
                    pointers.send(store.overdue(now.minus(GRACE), now, OFFERED));
                } catch (RuntimeException | Error e) {
                    LOG.warn("The timer cannot see what is due.", e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes no more turns, lets attempts in flight end, writes their results. */
    @Override
    public void close() {
        stop.countDown();
        pointers.close();
        turns.close();
        attempts.shutdown();
        try {
            if (!attempts.awaitTermination(Sender.DEADLINE.toSeconds() + 1, TimeUnit.SECONDS)) {
                attempts.shutdownNow();
            }
        } catch (InterruptedException e) {
            attempts.shutdownNow();
            Thread.currentThread().interrupt();
        }
        recorder.close();
    }
}
