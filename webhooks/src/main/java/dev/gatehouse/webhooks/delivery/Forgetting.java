package dev.gatehouse.webhooks.delivery;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.webhooks.Shares;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets finished deliveries once they have been kept for their tenant's time, a few at a time, so that nothing waits for it. Any
 * number may run: each row is taken by one of them.
 */
public final class Forgetting implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Forgetting.class);
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final int AT_ONCE = 500;

    /** Of one tenant in one round, so that the others have their turn. */
    private static final int MOST = 20_000;

    /** A message is older than its deliveries; the shortest time that anything may be kept lies behind it. */
    private static final Duration FRESH = Duration.ofHours(1);

    private final DeliveryStore store;
    private final Shares shares;
    private final InstantSource clock;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    private Forgetting(DeliveryStore store, Shares shares, InstantSource clock) {
        this.store = store;
        this.shares = shares;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("webhook-forgetting").daemon().unstarted(this::run);
    }

    /** @param shares says how long each tenant's are kept */
    public static Forgetting start(DeliveryStore store, Shares shares, InstantSource clock) {
        Forgetting forgetting = new Forgetting(store, shares, clock);
        forgetting.thread.start();
        return forgetting;
    }

    private void run() {
        try {
            while (!stop.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    once();
                } catch (RuntimeException e) {
                    LOG.warn("Old deliveries cannot be forgotten now; the next try is in {}.", EVERY, e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One round. @return how many deliveries it forgot */
    public int once() {
        Instant now = clock.instant();
        int all = 0;
        for (TenantId tenant : store.tenants()) {
            Instant before = now.minus(shares.keep(tenant));
            int forgotten = 0;
            int some;
            do {
                some = store.forget(tenant, before, AT_ONCE);
                forgotten += some;
            } while (some == AT_ONCE && forgotten < MOST && stop.getCount() > 0);
            all += forgotten;
        }
        while (store.forgetMessages(now.minus(FRESH), AT_ONCE) == AT_ONCE && stop.getCount() > 0) {
            LOG.debug("More messages are to be forgotten.");
        }
        return all;
    }

    @Override
    public void close() {
        stop.countDown();
        thread.interrupt();
    }
}
