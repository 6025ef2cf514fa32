package dev.gatehouse.bench.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.engines.EnginesForTests;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A gateway before a hostile service")
class UpstreamFuzzTest {
    @Test
    @DisplayName("gives no octet of one call to another, ends every call in time, and lets everything go")
    void stands(@TempDir Path folder) throws Exception {
        long seed = Long.getLong("gatehouse.test.seed", System.nanoTime());
        System.out.println("seed " + seed);
        UpstreamFuzz.Result result = UpstreamFuzz.run(EnginesForTests.redis(), folder, seed, 4_000, 24);
        assertThat(result.faults()).as("with the seed " + seed).isEmpty();
        assertThat(result.mutated()).isGreaterThanOrEqualTo(4_000);
        assertThat(result.doubted()).as("connections in doubt").isPositive();
        assertThat(result.outcomes().getOrDefault("plain: 200", 0L)).isGreaterThan(result.calls() / 2);
    }

    @Test
    @DisplayName("would be caught by its marker: it is found in a text, and what is nearly one is not")
    void markers() {
        String marker = Marker.of(77);
        assertThat(Marker.in("a" + marker + "b" + Marker.of(3))).isEqualTo(List.of(77L, 3L));
        assertThat(Marker.in(marker.replace('7', '8').replace("4d", "5d"))).isEmpty();
    }
}
