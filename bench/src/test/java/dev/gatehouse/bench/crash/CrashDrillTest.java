package dev.gatehouse.bench.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.bench.crash.Drill.Persistence;
import dev.gatehouse.gateway.journal.JournalStep;
import dev.gatehouse.metering.ledger.WriterStep;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The short form of {@code gatehouse bench crash}, with the same processes and the same judge. The seed is by chance, and
 * printed; {@code -Dcrash.seed=N} takes that one again.
 */
@DisplayName("Every answer received whole is in the ledger exactly once")
final class CrashDrillTest {
    private static final long LOAD_MILLIS = 2_500;

    @TempDir
    private Path folder;

    @Test
    @DisplayName(
            "through the death of a gateway after its append, of Redis with all its memory, and of writers before and after a commit")
    void crashes() throws Exception {
        long seed = Long.getLong("crash.seed", System.nanoTime() % 1_000_000);
        System.out.println("crash.seed=" + seed);
        Random chance = new Random(seed);
        Drill gateways = new Drill(
                "gateway dies after append, Redis without persistence",
                seed,
                List.of(new Blow(500 + chance.nextInt(1_000), Blow.What.KILL, "redis", chance.nextInt(500))),
                Map.of("gateway-0", JournalStep.AFTER_APPEND + ":" + (1 + chance.nextInt(100))),
                Persistence.LOST,
                Drill.WIDE,
                LOAD_MILLIS);
        Drill writers = new Drill(
                "writers die before and after commit",
                seed,
                List.of(),
                Map.of(
                        "writer-0", WriterStep.BEFORE_COMMIT + ":" + (1 + chance.nextInt(12)),
                        "writer-1", WriterStep.AFTER_COMMIT + ":" + (1 + chance.nextInt(12))),
                Persistence.KEPT,
                Drill.WIDE,
                LOAD_MILLIS);
        for (Verdict verdict : CrashBench.run(folder, gateways, writers)) {
            System.out.println(verdict.drill().plan());
            System.out.println("  " + verdict.line());
            assertThat(verdict.faults())
                    .as("%s with seed %d", verdict.drill().name(), seed)
                    .isEmpty();
            assertThat(verdict.matching().whole()).isGreaterThan(100);
        }
    }
}
