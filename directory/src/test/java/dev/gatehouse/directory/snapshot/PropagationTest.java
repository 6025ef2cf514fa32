package dev.gatehouse.directory.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.directory.Actor;
import dev.gatehouse.directory.Directory;
import dev.gatehouse.directory.IssuedKey;
import dev.gatehouse.directory.NewKey;
import dev.gatehouse.directory.NewTenant;
import dev.gatehouse.directory.RunningDirectory;
import dev.gatehouse.directory.Tenant;
import dev.gatehouse.kernel.directory.DirectorySnapshot;
import dev.gatehouse.kernel.directory.RouteDeclaration;
import dev.gatehouse.kernel.key.ApiKey;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.plan.LimitOverride;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The snapshot")
final class PropagationTest {
    private static final Actor ACTOR = Actor.process("test");
    private static final int CHANGES = 200;
    private static final long POLL_MILLIS = 250;

    @Test
    @DisplayName("brings 200 changes to a client that polls every 250 ms in under 1 s at the 99th percentile")
    void reachesClients() throws Exception {
        try (RunningDirectory running = RunningDirectory.start();
                ScheduledExecutorService client = Executors.newSingleThreadScheduledExecutor()) {
            Directory directory = running.directory();
            Tenant tenant = directory
                    .createTenant(NewTenant.of("Watched", "growth"), ACTOR)
                    .orThrow();
            List<IssuedKey> keys = new ArrayList<>();
            for (int i = 0; i < CHANGES / 5; i++) {
                keys.add(directory
                        .createKey(tenant.id(), NewKey.of("k", KeyMode.LIVE), ACTOR)
                        .orThrow());
            }
            long first = running.changesAfter(0).version();
            AtomicLongArray began = new AtomicLongArray(CHANGES);
            ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
            long[] seen = {first};
            var polling = client.scheduleWithFixedDelay(
                    () -> {
                        DirectorySnapshot snapshot = running.changesAfter(seen[0]);
                        long now = System.nanoTime();
                        for (long version = seen[0] + 1; version <= snapshot.version(); version++) {
                            nanos.add(now - began.get((int) (version - first - 1)));
                        }
                        seen[0] = snapshot.version();
                    },
                    0,
                    POLL_MILLIS,
                    TimeUnit.MILLISECONDS);
            for (int i = 0; i < CHANGES; i++) {
                began.set(i, System.nanoTime());
                change(directory, tenant, keys, i);
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> nanos.size() == CHANGES);
            polling.cancel(false);
            List<Long> sorted = nanos.stream().sorted().toList();
            long p99 = sorted.get((int) Math.ceil(CHANGES * 0.99) - 1);
            System.out.printf(
                    "propagation of %d changes: p50 %d ms, p99 %d ms, max %d ms%n",
                    CHANGES, sorted.get(CHANGES / 2) / 1_000_000, p99 / 1_000_000, sorted.getLast() / 1_000_000);
            assertThat(Duration.ofNanos(p99)).isLessThan(Duration.ofSeconds(1));
        }
    }

    /** Revoke, suspend or resume, plan, override, route: in turn. Each makes exactly one version. */
    private static void change(Directory directory, Tenant tenant, List<IssuedKey> keys, int i) {
        int round = i / 5;
        switch (i % 5) {
            case 0 ->
                directory
                        .revokeKey(tenant.id(), keys.get(round).key().entry().id(), ACTOR)
                        .orThrow();
            case 1 -> {
                if (round % 2 == 0) {
                    directory.suspend(tenant.id(), ACTOR).orThrow();
                } else {
                    directory.resume(tenant.id(), ACTOR).orThrow();
                }
            }
            case 2 ->
                directory
                        .setPlan(tenant.id(), round % 2 == 0 ? "scale" : "growth", ACTOR)
                        .orThrow();
            case 3 ->
                directory
                        .setLimits(tenant.id(), new LimitOverride(1_000L + round, null, null, null), ACTOR)
                        .orThrow();
            default ->
                directory
                        .declareRoute(
                                RouteDeclaration.of(
                                        "r", "r", List.of("/r"), null, "http://127.0.0.1:" + (9_000 + round)),
                                ACTOR)
                        .orThrow();
        }
    }

    @Test
    @DisplayName("knows a key by its hash as soon as its making is answered, and tells what it does not know with 404")
    void knowsKeysAtOnce() throws Exception {
        try (RunningDirectory running = RunningDirectory.start()) {
            Tenant tenant = running.directory()
                    .createTenant(NewTenant.of("New", "free"), ACTOR)
                    .orThrow();
            String text = running.directory()
                    .createKey(tenant.id(), NewKey.of("k", KeyMode.TEST), ACTOR)
                    .orThrow()
                    .text();
            assertThat(running.internal("GET", "/internal/directory/keys/" + ApiKey.hashHex(text), null)
                            .status())
                    .isEqualTo(200);
            assertThat(running.internal("GET", "/internal/directory/keys/" + "0".repeat(64), null)
                            .status())
                    .isEqualTo(404);
        }
    }

    @Test
    @DisplayName("says whether there is a tenant as soon as its making is answered, suspended or not")
    void knowsTenantsAtOnce() throws Exception {
        try (RunningDirectory running = RunningDirectory.start()) {
            Tenant tenant = running.directory()
                    .createTenant(NewTenant.of("New", "free"), ACTOR)
                    .orThrow();
            String path = "/internal/directory/tenants/";
            assertThat(running.internal("GET", path + tenant.id(), null)
                            .json()
                            .at("/known")
                            .asBoolean())
                    .isTrue();
            running.directory().suspend(tenant.id(), ACTOR).orThrow();
            assertThat(running.internal("GET", path + tenant.id(), null)
                            .json()
                            .at("/known")
                            .asBoolean())
                    .isTrue();
            String stranger = tenant.id().value().replaceAll("....$", "0000");
            assertThat(running.internal("GET", path + stranger, null)
                            .json()
                            .at("/known")
                            .asBoolean(true))
                    .isFalse();
            assertThat(running.internal("GET", path + "acme", null).status()).isEqualTo(400);
        }
    }

    @Test
    @DisplayName("is sent whole to a client that is ahead of the directory, and not at all to one that has it")
    void wholeAfterRestore() throws Exception {
        try (RunningDirectory running = RunningDirectory.start()) {
            running.directory().createTenant(NewTenant.of("Any", "free"), ACTOR).orThrow();
            DirectorySnapshot whole = running.changesAfter(1_000_000);
            assertThat(whole.isWhole()).isTrue();
            assertThat(whole.tenants()).hasSize(1);
            assertThat(running.internal("GET", "/internal/directory/changes?after=" + whole.version(), null)
                            .status())
                    .isEqualTo(204);
        }
    }

    @Test
    @DisplayName("is announced on Redis once it is committed")
    void announced() throws Exception {
        try (RunningDirectory running = RunningDirectory.start();
                var subscription = running.redis().subscribe()) {
            ConcurrentLinkedQueue<String> heard = new ConcurrentLinkedQueue<>();
            subscription.addListener(new io.lettuce.core.pubsub.RedisPubSubAdapter<>() {
                @Override
                public void message(String channel, String message) {
                    heard.add(message);
                }
            });
            subscription.sync().subscribe(DirectorySnapshot.CHANNEL);
            running.directory().createTenant(NewTenant.of("Any", "free"), ACTOR).orThrow();
            String version = Long.toString(running.changesAfter(0).version());
            await().atMost(Duration.ofSeconds(5)).until(() -> heard.contains(version));
        }
    }
}
