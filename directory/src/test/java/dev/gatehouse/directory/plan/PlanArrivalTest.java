package dev.gatehouse.directory.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.directory.Actor;
import dev.gatehouse.directory.NewTenant;
import dev.gatehouse.directory.RunningDirectory;
import dev.gatehouse.kernel.directory.DirectorySnapshot;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A changed plans file")
final class PlanArrivalTest {
    @TempDir
    Path folder;

    @Test
    @DisplayName("sends the tenants of the changed plan to the gateways again, and only those")
    void touchesTenants() throws Exception {
        DatabaseUrl database;
        long before;
        try (RunningDirectory running = RunningDirectory.start()) {
            database = running.database();
            running.directory()
                    .createTenant(NewTenant.of("On growth", "growth"), Actor.process("test"))
                    .orThrow();
            running.directory()
                    .createTenant(NewTenant.of("On free", "free"), Actor.process("test"))
                    .orThrow();
            before = running.changesAfter(0).version();
        }
        Path changed = write("changed.yaml", bundledText().replace("daily: 50000", "daily: 60000"));
        try (RunningDirectory running = RunningDirectory.on(database, changed)) {
            DirectorySnapshot snapshot = running.changesAfter(before);
            assertThat(snapshot.tenants()).singleElement().satisfies(tenant -> {
                assertThat(tenant.slug()).isEqualTo("on-growth");
                assertThat(tenant.planLimits().daily()).isEqualTo(60_000);
            });
        }
        try (RunningDirectory running = RunningDirectory.on(database, changed)) {
            assertThat(running.changesAfter(before).version()).isEqualTo(before + 1);
        }
        Path without = write("without.yaml", bundledText().replace("  growth:", "  grown:"));
        assertThatThrownBy(() -> RunningDirectory.on(database, without))
                .isInstanceOf(PlanFileException.class)
                .hasMessageContaining("the plan growth is missing, and 1 tenants are on it");
    }

    private Path write(String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name), text);
    }

    private static String bundledText() throws Exception {
        try (InputStream in = PlanFile.class.getResourceAsStream("plans.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
