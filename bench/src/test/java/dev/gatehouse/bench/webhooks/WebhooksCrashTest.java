package dev.gatehouse.bench.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The short form of {@code gatehouse bench webhooks crash}: other moments each time, the same again by its seed. */
class WebhooksCrashTest {
    private static final int KILLS = 4;

    @Test
    @DisplayName(
            "no delivery is lost while parts of its way are killed without warning, and each keeps its one webhook-id")
    void crash(@TempDir Path folder) throws Exception {
        long seed = Long.getLong("gatehouse.crash.seed", System.currentTimeMillis());
        System.out.println("again with -Dgatehouse.crash.seed=" + seed);
        CrashReport report = new CrashBench(seed, KILLS).run(folder);
        assertThat(report.kills.values().stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(KILLS);
        assertThat(report.events).as("events that were committed").isPositive();
        assertThat(report.lines)
                .as(report.text())
                .anySatisfy(line -> assertThat(line.delivered).isPositive())
                .allSatisfy(line -> assertThat(line.lost).isZero());
        assertThat(report.holds()).as(report.text()).isTrue();
    }
}
