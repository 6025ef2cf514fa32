package dev.gatehouse.gateway.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.kernel.directory.TenantEntry;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.kernel.tenant.TenantStatus;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A pool's turnstile")
class TurnstileTest {
    private static final long WAIT = TimeUnit.SECONDS.toNanos(1);

    private final Deque<Runnable> loop = new ArrayDeque<>();
    private final Map<String, Integer> served = new LinkedHashMap<>();
    private final Deque<Call> inside = new ArrayDeque<>();

    @Test
    @DisplayName("lets one tenant alone have two thirds of the places, so that another finds one free")
    void leavesRoom() {
        Turnstile pool = new Turnstile(30);
        Tenant loud = new Tenant("loud", 1, 1_000, 1_000);
        for (int i = 0; i < 100; i++) {
            loud.call(pool);
        }
        assertThat(inside).hasSize(20);
        assertThat(pool.waiting()).isEqualTo(80);
        assertThat(new Tenant("quiet", 1, 10, 0).call(pool)).isEqualTo(Passage.Answer.IN);
        assertThat(served).containsEntry("quiet", 1);
    }

    @Test
    @DisplayName("takes waiting calls tenant by tenant, by the weight of their plans")
    void weighted() {
        Turnstile pool = new Turnstile(10);
        Tenant heavy = new Tenant("heavy", 4, 1_000, 10_000);
        Tenant light = new Tenant("light", 1, 1_000, 10_000);
        for (int i = 0; i < 600; i++) {
            heavy.call(pool);
            light.call(pool);
        }
        for (int i = 0; i < 500; i++) {
            run();
            inside.remove().passage.leave();
        }
        assertThat(served.getOrDefault("heavy", 0) / (double) served.getOrDefault("light", 1))
                .isBetween(3.0, 5.0);
        assertThat(served.getOrDefault("light", 0)).isGreaterThan(80);
    }

    @Test
    @DisplayName("has turns for all of a thousand waiting tenants, in a single place")
    void everybody() {
        Turnstile pool = new Turnstile(1);
        for (int i = 0; i < 1_000; i++) {
            new Tenant("tenant-" + i, 1 + i % 25, 10, 10).call(pool);
        }
        for (int i = 0; i < 1_000; i++) {
            run();
            inside.remove().passage.leave();
        }
        assertThat(served)
                .hasSize(1_000)
                .allSatisfy((slug, calls) -> assertThat(calls).isEqualTo(1));
        assertThat(pool.inFlight()).isZero();
    }

    @Test
    @DisplayName("refuses what is more than a tenant may have waiting, and forgets those who leave")
    void bounded() {
        Turnstile pool = new Turnstile(2);
        Tenant tenant = new Tenant("bounded", 1, 3, 2);
        List<Passage.Answer> answers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            answers.add(tenant.call(pool));
        }
        run();
        // two in the pool, one of the tenant's three waits there, one among its own, the rest stays out
        assertThat(answers)
                .containsExactly(
                        Passage.Answer.IN,
                        Passage.Answer.IN,
                        Passage.Answer.WAIT,
                        Passage.Answer.WAIT,
                        Passage.Answer.FULL,
                        Passage.Answer.FULL);
        tenant.calls.forEach(call -> call.passage.leave());
        tenant.calls.forEach(call -> call.passage.leave());
        run();
        assertThat(pool.inFlight() + pool.waiting() + tenant.places.inFlight() + tenant.places.queued())
                .isZero();
    }

    @Test
    @DisplayName("loses no place when calls come and leave on several threads at once")
    void threads() throws Exception {
        long seed = System.nanoTime();
        Turnstile pool = new Turnstile(7);
        AtomicInteger within = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch all = new CountDownLatch(4_000);
        List<ExecutorService> loops = new ArrayList<>();
        List<Tenant> tenants = new ArrayList<>();
        for (int t = 0; t < 5; t++) {
            tenants.add(new Tenant("t" + t, t + 1, 4, 10_000));
        }
        for (int l = 0; l < 4; l++) {
            loops.add(Executors.newSingleThreadExecutor());
        }
        for (int i = 0; i < 4_000; i++) {
            ExecutorService thread = loops.get(i % 4);
            Tenant tenant = tenants.get(i % 5);
            long chance = new Random(seed + i).nextLong();
            thread.execute(() -> {
                Concurrent call = new Concurrent(thread, within, most, all, chance);
                call.passage = new Passage(tenant.places, tenant.entry, pool, call);
                if (call.passage.enter(System.nanoTime(), WAIT) == Passage.Answer.IN) {
                    call.goOn();
                } else if (chance % 11 == 0) {
                    call.passage.leave();
                    all.countDown();
                }
            });
        }
        boolean done = all.await(60, TimeUnit.SECONDS);
        loops.forEach(ExecutorService::shutdown);
        assertThat(done).as("all calls got through, seed %s", seed).isTrue();
        assertThat(most.get()).isBetween(1, 7);
        assertThat(pool.inFlight() + pool.waiting()).as("seed %s", seed).isZero();
        assertThat(tenants)
                .allSatisfy(
                        t -> assertThat(t.places.inFlight() + t.places.queued()).isZero());
    }

    /** A call that leaves a pass of its loop after it went in. */
    private static final class Concurrent implements Passage.Traveller {
        private final Executor thread;
        private final AtomicInteger within;
        private final AtomicInteger most;
        private final CountDownLatch all;
        private final long chance;
        Passage passage;

        @SuppressWarnings("NullAway.Init") // the passage is made with the traveller
        Concurrent(Executor thread, AtomicInteger within, AtomicInteger most, CountDownLatch all, long chance) {
            this.thread = thread;
            this.within = within;
            this.most = most;
            this.all = all;
            this.chance = chance;
        }

        @Override
        public void goOn() {
            most.accumulateAndGet(within.incrementAndGet(), Math::max);
            if (chance % 3 == 0) {
                leave();
            } else {
                thread.execute(this::leave);
            }
        }

        private void leave() {
            within.decrementAndGet();
            passage.leave();
            all.countDown();
        }

        @Override
        public Executor loop() {
            return thread;
        }
    }

    private void run() {
        while (!loop.isEmpty()) {
            loop.remove().run();
        }
    }

    private final class Tenant {
        final TenantPlaces places = new TenantPlaces();
        final List<Call> calls = new ArrayList<>();
        final TenantEntry entry;

        Tenant(String slug, int weight, int maxConcurrent, int maxQueued) {
            entry = new TenantEntry(
                    TenantId.next(InstantSource.system()),
                    slug,
                    slug,
                    TenantStatus.ACTIVE,
                    "growth",
                    new Limits(1, 1, 1),
                    null,
                    weight,
                    maxConcurrent,
                    maxQueued,
                    Map.of(),
                    Set.of(),
                    false,
                    1);
        }

        Passage.Answer call(Turnstile pool) {
            Call call = new Call(entry, places, pool);
            calls.add(call);
            Passage.Answer answer = call.passage.enter(0, WAIT);
            if (answer == Passage.Answer.IN) {
                call.goOn();
            }
            return answer;
        }
    }

    private final class Call implements Passage.Traveller {
        private final String slug;
        final Passage passage;

        @SuppressWarnings("ThisEscapedInObjectConstruction")
        Call(TenantEntry tenant, TenantPlaces places, Turnstile pool) {
            slug = tenant.slug();
            passage = new Passage(places, tenant, pool, this);
        }

        @Override
        public void goOn() {
            served.merge(slug, 1, Integer::sum);
            inside.add(this);
        }

        @Override
        public Executor loop() {
            return loop::add;
        }
    }
}
