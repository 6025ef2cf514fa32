package dev.gatehouse.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.kernel.directory.PoolEntry;
import dev.gatehouse.kernel.id.TenantId;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A target's breaker")
class BreakerTest {
    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1_000 * MILLI;

    private final TenantId hostile = tenant();
    private final TenantId second = tenant();
    private final TenantId third = tenant();
    private final Pool pool = new Pool("things", new PoolEntry("default", List.of("http://127.0.0.1:9"), null, 0));
    private long now = 1_000 * SECOND;

    @Test
    @DisplayName(
            "opens once for calls that were in flight together, for a second, and to one call at a time after that")
    void oneOpening() {
        List<Attempt> together = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            together.add(begin(hostile, "/a"));
            together.add(begin(second, "/b" + i));
            together.add(begin(third, "other", "/c" + i));
        }
        now += 20 * MILLI;
        together.forEach(attempt -> attempt.failed(Fault.CUT, now));
        now += SECOND - MILLI;
        assertThat(tryOut(third, "/c")).isNull();
        now += MILLI;
        Attempt trial = begin(third, "other", "/new");
        assertThat(tryOut(third, "/c")).as("a second trial").isNull();
        assertThat(tryOut(second, "/c")).as("another's trial").isNull();
        trial.answered(now);
        trial.over();
        assertThat(tryOut(third, "/c")).isNotNull();
        assertThat(tryOut(second, "/b")).isNotNull();
    }

    @Test
    @DisplayName("stays open twice as long after each failed trial, up to 30 s, whatever else was under way")
    void doubles() {
        failEverywhere(Fault.TIMED_OUT);
        long wait = SECOND;
        for (int round = 0; round < 8; round++) {
            now += wait - MILLI;
            assertThat(tryOut(second, "/b")).as("round %s", round).isNull();
            now += MILLI;
            Attempt trial = begin(second, "/b");
            trial.failed(Fault.TIMED_OUT, now);
            wait = Math.min(30 * SECOND, wait * 2);
        }
        now += 30 * SECOND;
        Attempt trial = begin(second, "/b");
        trial.answered(now);
        trial.over();
        failEverywhere(Fault.CUT);
        now += SECOND;
        assertThat(tryOut(second, "/b")).as("a second again after an answer").isNotNull();
    }

    @Test
    @DisplayName("learns nothing from a trial that its client gives up or holds up, and lets the next one try at once")
    void lostTrial() {
        failEverywhere(Fault.CUT);
        now += SECOND;
        for (int i = 0; i < 20; i++) {
            Attempt trial = begin(i % 2 == 0 ? hostile : second, "/lost");
            now += MILLI;
            if (i % 3 == 0) {
                trial.heldUpByClient();
            } else {
                trial.over();
            }
        }
        assertThat(tryOut(second, "/b")).isNotNull();
    }

    @Test
    @DisplayName("closes to a tenant what only that tenant sees fail, and to no one else")
    void oneTenant() {
        for (Fault fault : List.of(Fault.CUT, Fault.TIMED_OUT, Fault.BROKE_OFF, Fault.MALFORMED)) {
            for (int i = 0; i < 200; i++) {
                Attempt attempt = pool.begin(hostile, i % 2 == 0 ? "things.GET" : "other", "/p" + i, now, null);
                if (attempt != null) {
                    attempt.failed(fault, now);
                }
                assertThat(tryOut(second, "/p" + i)).isNotNull();
            }
            assertThat(tryOut(hostile, "/p")).isNull();
            now += 120 * SECOND;
        }
    }

    @Test
    @DisplayName("closes a path that all who ask for it see fail, and leaves the rest of the target open to them")
    void onePath() {
        for (int i = 0; i < 40; i++) {
            for (TenantId tenant : List.of(hostile, second, third)) {
                Attempt attempt = pool.begin(tenant, "things.GET", "/malformed", now, null);
                if (attempt != null) {
                    attempt.failed(Fault.MALFORMED, now);
                }
                assertThat(tryOut(tenant, "/well")).isNotNull();
            }
        }
        assertThat(tryOut(second, "/malformed")).isNull();
        Attempt unknown = begin(tenant(), "/malformed");
        assertThat(tryOut(tenant(), "/malformed"))
                .as("a second newcomer at the same time")
                .isNull();
        unknown.over();
    }

    @Test
    @DisplayName("never refuses a tenant that is answered, however many others fail, on however many paths")
    void served() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<TenantId> hostiles = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            hostiles.add(tenant());
        }
        List<Attempt> open = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            now += random.nextLong(5 * MILLI);
            String operation = "op" + random.nextInt(5);
            Attempt hit = pool.begin(
                    hostiles.get(random.nextInt(hostiles.size())), operation, "/x" + random.nextInt(50), now, null);
            if (hit != null) {
                open.add(hit);
            }
            while (open.size() > 20) {
                Fault fault = Fault.values()[1 + random.nextInt(Fault.values().length - 1)];
                open.remove(random.nextInt(open.size())).failed(fault, now);
            }
            if (step % 40 == 0) {
                Attempt quiet = pool.begin(third, operation, "/x" + random.nextInt(50), now, null);
                assertThat(quiet).as("step %s, seed %s", step, seed).isNotNull();
                quiet.answered(now);
                quiet.over();
            }
        }
        assertThat(pool.targets().getFirst().breaker().remembered()).isLessThanOrEqualTo(Breaker.MOST);
    }

    @Test
    @DisplayName(
            "lets a tenant that nothing is known of try at once what others see fail, and closes when it is answered")
    void newcomer() {
        failEverywhere(Fault.TIMED_OUT);
        assertThat(pool.targets().getFirst().breaker().isOpen()).isTrue();
        Attempt newcomer = begin(third, "/fine");
        assertThat(tryOut(tenant(), "/fine")).as("one at a time").isNull();
        newcomer.answered(now);
        newcomer.over();
        assertThat(pool.targets().getFirst().breaker().isOpen()).isFalse();
    }

    @Test
    @DisplayName("opens for everybody when all of several tenants and operations fail, by a rate and not only in a row")
    void rate() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int failed = 0;
        for (int i = 0; i < 400 && !pool.targets().getFirst().breaker().isOpen(); i++) {
            now += 10 * MILLI;
            Attempt attempt = pool.begin(
                    random.nextBoolean() ? hostile : second,
                    "op" + random.nextInt(3),
                    "/x" + random.nextInt(1_000),
                    now,
                    null);
            if (attempt == null) {
                continue;
            }
            if (random.nextInt(10) == 0) {
                attempt.answered(now);
                attempt.over();
            } else {
                attempt.failed(Fault.CUT, now);
                failed++;
            }
        }
        assertThat(pool.targets().getFirst().breaker().isOpen())
                .as("after %s failures, seed %s", failed, seed)
                .isTrue();
    }

    @Test
    @DisplayName("opens for everybody after five refused connections, whoever had them, and stays so for newcomers")
    void unreachable() {
        List<Attempt> together = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            together.add(begin(hostile, "/a"));
        }
        for (int i = 0; i < 30; i++) {
            together.get(i).failed(Fault.UNREACHABLE, now);
            assertThat(pool.targets().getFirst().breaker().isOpen()).isEqualTo(i >= 4);
        }
        assertThat(tryOut(third, "/c")).isNull();
        now += SECOND;
        Attempt trial = begin(third, "/c");
        assertThat(tryOut(second, "/c")).isNull();
        trial.answered(now);
        assertThat(tryOut(second, "/c")).isNotNull();
    }

    @Test
    @DisplayName("weighs answers that came while nobody counted against the first failures")
    void beforeCounting() {
        List<Attempt> slow = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            slow.add(begin(hostile, "op" + i, "/h" + i));
            slow.add(begin(second, "op" + i, "/s" + i));
        }
        for (int i = 0; i < 100; i++) {
            now += 10 * MILLI;
            Attempt quiet = begin(third, "/q");
            quiet.answered(now);
            quiet.over();
        }
        slow.forEach(attempt -> attempt.failed(Fault.TIMED_OUT, now));
        assertThat(pool.targets().getFirst().breaker().isOpen()).isFalse();
    }

    private void failEverywhere(Fault fault) {
        List<Attempt> together = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            together.add(begin(hostile, "op" + i, "/x" + i));
            together.add(begin(second, "op" + i, "/y" + i));
        }
        together.forEach(attempt -> attempt.failed(fault, now));
    }

    private Attempt begin(TenantId tenant, String path) {
        return begin(tenant, "things.GET", path);
    }

    private Attempt begin(TenantId tenant, String operation, String path) {
        Attempt attempt = pool.begin(tenant, operation, path, now, null);
        assertThat(attempt).as("%s %s", operation, path).isNotNull();
        return attempt;
    }

    /** Whether the tenant would be let in now; takes nothing. */
    private @Nullable Attempt tryOut(TenantId tenant, String path) {
        Attempt attempt = pool.begin(tenant, "things.GET", path, now, null);
        if (attempt != null) {
            attempt.over();
        }
        return attempt;
    }

    private static TenantId tenant() {
        return TenantId.next(InstantSource.system());
    }
}
