package dev.gatehouse.gateway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.kernel.aside.SetAside;
import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.runtime.aside.SetAsides;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A file of the journal whose head cannot be read")
class DamagedFilesTest {
    @TempDir
    Path folder;

    @Test
    @DisplayName("is kept aside by its name, while one that was never begun goes, and the gateway starts")
    void keptAside() throws Exception {
        byte[] content =
                "not a head, and perhaps many calls behind it".repeat(300).getBytes(StandardCharsets.UTF_8);
        Files.write(folder.resolve("damaged.journal"), content);
        Files.write(folder.resolve("blank.journal"), new byte[64 * 1024]);
        Files.write(folder.resolve("empty.journal"), new byte[0]);
        SetAsides asides = new SetAsides(new SimpleMeterRegistry(), InstantSource.system());
        JournalSettings settings = new JournalSettings(
                folder, 64 * 1024, 1 << 20, JournalSettings.PACE, Duration.ofMillis(100), UsageStreams.DEFAULT_SHARDS);

        try (GatewayJournal journal =
                GatewayJournal.open(settings, EnginesForTests.redis(), InstantSource.system(), asides)) {
            assertThat(journal.unsettled()).isZero();
        }

        assertThat(folder.resolve("damaged.journal")).doesNotExist();
        assertThat(Path.of(asides.list(10).getFirst().record())).hasBinaryContent(content);
        assertThat(folder.resolve("blank.journal")).doesNotExist();
        assertThat(folder.resolve("empty.journal")).doesNotExist();
        assertThat(asides.list(10)).hasSize(1).extracting(SetAside::source).containsOnly("gateway.journal");
    }
}
