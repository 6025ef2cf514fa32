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
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/**
 * A pool's turnstile before a simulated service, on a simulated clock: a millisecond a step, a window every hundred. Of a
 * call, a part waits for nothing but time, and a part shares the service's processors.
 */
@DisplayName("What one tenant's calls do to what another is given at a pool that adapts")
class AdaptiveSimulationTest {
    private static final long MILLI = 1_000_000L;

    private final Deque<Runnable> loop = new ArrayDeque<>();
    private final Turnstile pool = new Turnstile(0);
    private final List<Client> clients = new ArrayList<>();
    private final List<Call> inside = new ArrayList<>();
    private long seed;
    private Random random = new Random();
    private double processors = 1_000;
    private long millis;

    @BeforeEach
    void seed() {
        seed = System.nanoTime();
        random = new Random(seed);
    }

    /** @param waits milliseconds of nothing but time; {@code works} milliseconds of a processor; status 0 fails */
    private record Kind(String operation, int status, double waits, double works) {}

    private static Kind waits(int status, double millis) {
        return new Kind("read", status, millis, 0);
    }

    @Test
    @DisplayName("quick answers of the same operation, of any status, leave slow calls their 98 a second")
    void quickAnswers() {
        for (int status : new int[] {200, 400, 404}) {
            Client a = client(1, r -> waits(status, 1));
            Client b = client(30, r -> waits(200, 300));
            b.active = false;
            for (int i = 0; i < 73; i++) {
                run(2);
            }
            b.active = true;
            run(3_000);
            assertThat(b.perSecond(5_000))
                    .as("status %s, seed %s", status, seed)
                    .isGreaterThan(90);
            a.active = false;
            b.active = false;
            run(1_000);
        }
    }

    @Test
    @DisplayName("a tenant's own quick answers cost it a moment, and it recovers what it had")
    void ownMixture() {
        Client b = client(1, r -> waits(200, 1));
        run(200);
        b.atOnce = 30;
        b.next = r -> waits(200, 300);
        run(3_000);
        assertThat(b.perSecond(5_000)).as("seed %s", seed).isGreaterThan(90);
        assertThat(b.perSecond(20_000)).as("seed %s", seed).isGreaterThan(90);
    }

    @RepeatedTest(5)
    @DisplayName("any mixture of quick, slow and failing calls of others leaves a tenant at least four fifths")
    void anyMixture() {
        int others = 1 + random.nextInt(4);
        for (int i = 0; i < others; i++) {
            double quick = random.nextDouble();
            double failing = random.nextDouble() * 0.3;
            client(
                    1 + random.nextInt(30),
                    r -> r.nextDouble() < failing
                            ? waits(0, 100 + r.nextInt(400))
                            : r.nextDouble() < quick
                                    ? waits(r.nextInt(2) * 200 + 200, 1 + r.nextInt(3))
                                    : waits(200, r.nextInt(1_500)));
        }
        Client b = client(20, r -> waits(200, 300));
        run(3_000);
        for (int i = 0; i < 6; i++) {
            assertThat(b.perSecond(3_000)).as("round %s, seed %s", i, seed).isGreaterThan(0.8 * 20 / 0.3);
        }
    }

    @RepeatedTest(5)
    @DisplayName("a tenant's own mixture of quick and slow calls leaves it most of what it could have")
    void anyOwnMixture() {
        double quick = 0.2 + random.nextDouble() * 0.6;
        Client b = client(30, r -> r.nextDouble() < quick ? waits(200, 1) : waits(200, 300));
        run(2_000);
        double could = 30 / (quick * 0.002 + (1 - quick) * 0.301);
        assertThat(b.perSecond(30_000)).as("%s quick, seed %s", quick, seed).isGreaterThan(0.7 * could);
    }

    @Test
    @DisplayName("a service that became slower for good, for everybody, gets as many calls at once as before")
    void slowerForGood() {
        Client a = client(30, r -> waits(200, 20));
        Client b = client(30, r -> waits(200, 20));
        run(5_000);
        a.next = r -> waits(200, 200);
        b.next = r -> waits(200, 200);
        run(10_000);
        assertThat(a.perSecond(5_000)).as("seed %s", seed).isGreaterThan(0.8 * 30 / 0.2);
        assertThat(b.perSecond(5_000)).as("seed %s", seed).isGreaterThan(0.8 * 30 / 0.2);
    }

    @Test
    @DisplayName("a lone flood finds what the service bears, and another's calls are quick beside it")
    void saturated() {
        processors = 24;
        Client quiet = client(1, r -> new Kind("read", 200, 0, 20));
        run(2_000);
        Client loud = client(400, r -> new Kind("read", 200, 0, 20));
        run(8_000);
        loud.answered = 0;
        quiet.took = 0;
        quiet.answered = 0;
        run(10_000);
        assertThat(loud.answered / 10.0).as("seed %s", seed).isGreaterThan(0.8 * 24 / 0.02);
        // 66 places for one tenant would mean 55 ms
        assertThat(quiet.took / (double) quiet.answered).as("seed %s", seed).isLessThan(50);
        assertThat(pool.limit()).isGreaterThanOrEqualTo(24);
    }

    @Test
    @DisplayName("many floods together shrink the limit to what the service bears, and it grows again behind them")
    void saturatedByMany() {
        processors = 24;
        for (int i = 0; i < 10; i++) {
            client(5, r -> new Kind("read", 200, 0, 20)).active = true;
        }
        run(100);
        // the usual time is learnt from few
        clients.forEach(client -> client.active = false);
        clients.getFirst().active = true;
        run(500);
        clients.forEach(client -> client.active = true);
        clients.forEach(client -> client.atOnce = 60);
        run(20_000);
        clients.forEach(client -> client.answered = 0);
        run(5_000);
        assertThat(clients.stream().mapToLong(client -> client.answered).sum() / 5.0)
                .as("seed %s", seed)
                .isGreaterThan(0.8 * 24 / 0.02);
        clients.forEach(client -> client.active = false);
        run(2_000);
        Client after = client(30, r -> waits(200, 300));
        run(5_000);
        assertThat(after.perSecond(5_000)).as("seed %s", seed).isGreaterThan(0.8 * 98);
    }

    @Test
    @DisplayName("remembers a bounded number of operations, and none of a tenant that has been quiet for long")
    void bounded() {
        LaneLimit lane = new LaneLimit();
        for (int i = 0; i < 1_000; i++) {
            lane.took("operation-" + i, 200 + i % 400, MILLI);
        }
        assertThat(lane.remembered()).isLessThanOrEqualTo(LaneLimit.MOST_PACES);
        for (int i = 0; i < 4_000; i++) {
            lane.endWindow(0, 0, PoolState.AT_EASE);
        }
        assertThat(lane.remembered()).isZero();
        assertThat(lane.value()).isEqualTo(LaneLimit.NONE);
    }

    private Client client(int atOnce, Function<Random, Kind> next) {
        Client client = new Client(atOnce, next);
        clients.add(client);
        return client;
    }

    private void run(int duration) {
        for (int i = 0; i < duration; i++) {
            millis++;
            clients.forEach(Client::fill);
            runLoop();
            double share = Math.min(
                    1,
                    processors
                            / Math.max(
                                    1,
                                    inside.stream()
                                            .filter(call -> call.waits <= 0)
                                            .count()));
            List<Call> done = new ArrayList<>();
            for (Iterator<Call> each = inside.iterator(); each.hasNext(); ) {
                Call call = each.next();
                if (call.waits > 0) {
                    call.waits--;
                } else {
                    call.works -= share;
                }
                if (call.waits <= 0 && call.works <= 0) {
                    each.remove();
                    done.add(call);
                }
            }
            done.forEach(Call::end);
            runLoop();
            if (millis % 100 == 0) {
                pool.endWindow();
                runLoop();
            }
        }
    }

    private void runLoop() {
        while (!loop.isEmpty()) {
            loop.remove().run();
        }
    }

    /** A tenant that has so many calls on their way all the time. */
    private final class Client {
        private final TenantPlaces places = new TenantPlaces();
        private final TenantEntry entry = new TenantEntry(
                TenantId.next(InstantSource.system()),
                "simulated",
                "simulated",
                TenantStatus.ACTIVE,
                "growth",
                new Limits(1, 1, 1),
                null,
                1,
                1_000,
                1_000,
                Map.of(),
                Set.of(),
                false,
                1);
        private Function<Random, Kind> next;
        private int atOnce;
        private boolean active = true;
        private int out;
        private long answered;
        private long took;

        Client(int atOnce, Function<Random, Kind> next) {
            this.atOnce = atOnce;
            this.next = next;
        }

        void fill() {
            while (active && out < atOnce) {
                out++;
                Call call = new Call(this, next.apply(random));
                if (call.passage.enter(millis * MILLI, 60_000 * MILLI) == Passage.Answer.IN) {
                    call.goOn();
                }
            }
        }

        double perSecond(int duration) {
            long before = answered;
            run(duration);
            return (answered - before) * 1_000.0 / duration;
        }
    }

    private final class Call implements Passage.Traveller {
        private final Client client;
        private final Kind kind;
        private final Passage passage;
        private final long came = millis;
        private double waits;
        private double works;
        private long sent;

        @SuppressWarnings("ThisEscapedInObjectConstruction")
        Call(Client client, Kind kind) {
            this.client = client;
            this.kind = kind;
            waits = kind.waits;
            works = kind.works;
            passage = new Passage(client.places, client.entry, pool, this);
        }

        @Override
        public void goOn() {
            sent = millis;
            inside.add(this);
        }

        void end() {
            if (kind.status == 0) {
                pool.failed(client.entry.id());
            } else {
                pool.took(client.entry.id(), kind.operation, kind.status, (millis - sent + 1) * MILLI);
            }
            client.out--;
            client.answered++;
            client.took += millis - came;
            passage.leave();
        }

        @Override
        public Executor loop() {
            return loop::add;
        }
    }
}
