package dev.gatehouse.gateway.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A segment of the journal that an earlier process left")
final class DamagedSegmentTest {
    private static final byte[] PAYLOAD = new byte[64];

    @TempDir
    private Path folder;

    @Test
    @DisplayName("and that is cut in its head is kept aside")
    void cut() throws Exception {
        Path file = segment();
        Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 100));
        start();
        assertThat(names()).containsExactly(file.getFileName() + ".damaged-1");
    }

    @Test
    @DisplayName("and that holds garbage is kept aside, a second one beside it")
    void garbage() throws Exception {
        long seed = System.nanoTime();
        for (int i = 1; i <= 2; i++) {
            Path file = segment();
            byte[] bytes = new byte[64 * 1024];
            new Random(seed).nextBytes(bytes);
            Files.write(file, bytes);
            start();
            assertThat(names()).as("seed %d", seed).hasSize(i).contains(file.getFileName() + ".damaged-" + i);
        }
    }

    @Test
    @DisplayName("and whose head alone was emptied is kept aside, since there are records behind it")
    void headless() throws Exception {
        Path file = segment();
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, 0, Segment.HEADER, (byte) 0);
        Files.write(file, bytes);
        start();
        assertThat(names()).containsExactly(file.getFileName() + ".damaged-1");
    }

    @Test
    @DisplayName("and that is a folder is kept aside")
    void folder() throws Exception {
        Path file = segment();
        Files.delete(file);
        Files.createDirectories(file.resolve("inside"));
        start();
        assertThat(names()).containsExactly(file.getFileName() + ".damaged-1");
    }

    @Test
    @DisplayName("and that was never begun is removed")
    void unused() throws Exception {
        Path file = segment();
        Files.write(file, new byte[64 * 1024]);
        start();
        Files.write(file, new byte[0]);
        start();
        assertThat(names()).isEmpty();
    }

    private Path segment() throws IOException {
        try (Segment segment = Segment.create(folder, "gw_left", 7, 0, 64 * 1024)) {
            assertThat(segment.append(Segment.USAGE, 1, 0, PAYLOAD, PAYLOAD.length))
                    .isPositive();
            return segment.file();
        }
    }

    private void start() throws Exception {
        JournalSettings settings = new JournalSettings(
                folder, 64 * 1024, 1 << 20, JournalSettings.PACE, Duration.ofMillis(100), 1_000_003);
        GatewayJournal.open(settings, "redis://127.0.0.1:1", InstantSource.system())
                .abandon();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
