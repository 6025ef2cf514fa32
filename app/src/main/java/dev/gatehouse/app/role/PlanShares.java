package dev.gatehouse.app.role;

import dev.gatehouse.kernel.directory.DirectoryPaths;
import dev.gatehouse.kernel.directory.DirectorySnapshot;
import dev.gatehouse.kernel.directory.TenantEntry;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.kernel.tenant.TenantStatus;
import dev.gatehouse.runtime.http.HttpCaller;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.webhooks.Shares;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each tenant the weight of its plan in the deliveries of webhooks, a suspended one none, and its deliveries the time that
 * its plan keeps them, as the directory's snapshot says, a quarter of a second behind. A tenant that is not known, and every one
 * while the directory has not answered yet, has weight 1, and loses nothing of its log before the longest time is over.
 */
final class PlanShares implements Shares, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PlanShares.class);
    private static final Duration EVERY = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final URI directory;
    private final Map<String, String> headers;
    private final int perSecond;
    private final LogRetention retention;
    private final HttpCaller caller;
    private final Map<TenantId, Share> shares = new ConcurrentHashMap<>();
    private final Map<TenantId, String> plans = new ConcurrentHashMap<>();
    private final Set<TenantId> suspended = ConcurrentHashMap.newKeySet();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    private boolean failing;
    private long version;

    private PlanShares(Vertx vertx, URI directory, InternalSecrets secrets, int perSecond, LogRetention retention) {
        this.directory = directory;
        this.headers = Map.of(InternalSecrets.PROCESS_HEADER, secrets.processToken());
        this.perSecond = perSecond;
        this.retention = retention;
        this.caller = new HttpCaller(vertx, PATIENCE);
        this.thread = Thread.ofVirtual().name("webhook-shares").unstarted(this::follow);
    }

    /**
     * @param directory base address of the directory's internal interface
     * @param perSecond deliveries that one tenant may begin a second, whatever its plan
     * @param retention how long deliveries are kept, by plan
     */
    static PlanShares follow(
            Vertx vertx, URI directory, InternalSecrets secrets, int perSecond, LogRetention retention) {
        PlanShares shares = new PlanShares(vertx, directory, secrets, perSecond, retention);
        shares.thread.start();
        return shares;
    }

    @Override
    public Share of(TenantId tenant) {
        Share share = shares.get(tenant);
        return share == null ? new Share(1, perSecond) : share;
    }

    @Override
    public Duration keep(TenantId tenant) {
        String plan = plans.get(tenant);
        return plan == null ? retention.longest() : retention.of(plan);
    }

    @Override
    public boolean isSuspended(TenantId tenant) {
        return suspended.contains(tenant);
    }

    private void follow() {
        Duration pause = EVERY;
        try {
            do {
                try {
                    ask();
                    pause = EVERY;
                    failing = false;
                } catch (IOException | RuntimeException e) {
                    pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
                    if (!failing) {
                        LOG.warn("The tenants' plans cannot be followed now; it is tried again every second.", e);
                    }
                    failing = true;
                }
            } while (!stop.await(pause.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask() throws IOException {
        HttpCaller.Answer answer = caller.get(directory.resolve(DirectoryPaths.CHANGES + "?after=" + version), headers);
        switch (answer.status()) {
            case 204 -> {}
            case 200 -> take(Json.read(answer.body(), DirectorySnapshot.class));
            default -> throw new IOException("the directory answered " + answer.status());
        }
    }

    private void take(DirectorySnapshot snapshot) {
        Set<TenantId> now = snapshot.tenants().stream().map(TenantEntry::id).collect(Collectors.toSet());
        if (snapshot.isWhole()) {
            shares.keySet().retainAll(now);
            suspended.retainAll(now);
            plans.keySet().retainAll(now);
        }
        for (TenantEntry tenant : snapshot.tenants()) {
            plans.put(tenant.id(), tenant.plan());
            if (tenant.status() == TenantStatus.SUSPENDED) {
                suspended.add(tenant.id());
            } else {
                suspended.remove(tenant.id());
            }
            int weight = Math.clamp(tenant.weight(), 1, Share.MOST_WEIGHT);
            if (weight == 1) {
                shares.remove(tenant.id());
            } else {
                shares.put(tenant.id(), new Share(weight, perSecond));
            }
        }
        version = snapshot.version();
    }

    @Override
    public void close() {
        stop.countDown();
        thread.interrupt();
        caller.close();
    }
}
