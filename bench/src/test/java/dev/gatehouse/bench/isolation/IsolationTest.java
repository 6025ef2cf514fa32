package dev.gatehouse.bench.isolation;

import dev.gatehouse.bench.sandbox.SandboxInstallation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The isolation matrix in short: how much slower a quiet tenant gets is measured by the bench, on a machine of its own. */
@DisplayName("A quiet tenant")
class IsolationTest {
    private static final int CALLS_PER_SECOND = 10;
    /** What a busy machine may make of a wait that is bounded by a second at its pool and by fair turns before it. */
    private static final double LONGEST_MILLIS = 5_000;

    @Test
    @DisplayName(
            "is served beside each hostile one, a tenth as strong as in the bench, without an error or a long wait")
    void served() throws IOException {
        long seed = Long.getLong("gatehouse.test.seed", System.nanoTime());
        List<Hostility> order = new ArrayList<>(List.of(Hostility.values()));
        Collections.shuffle(order, new Random(seed));
        try (SandboxInstallation sandbox = SandboxInstallation.start()) {
            Matrix matrix = new Matrix(sandbox, 1, CALLS_PER_SECOND, 10, 0);
            matrix.warm(3);
            SoftAssertions all = new SoftAssertions();
            for (Hostility hostility : order) {
                Row row = matrix.round(hostility);
                String what = hostility.text() + ", seed " + seed + ": " + row;
                all.assertThat(row.besideErrors()).as(what).isZero();
                all.assertThat(row.calls()).as(what).isPositive();
                all.assertThat(row.besideMost()).as(what).isLessThan(LONGEST_MILLIS);
            }
            all.assertAll();
        }
    }
}
