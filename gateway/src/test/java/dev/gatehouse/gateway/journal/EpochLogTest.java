package dev.gatehouse.gateway.journal;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@DisplayName("The journal of an event loop")
class EpochLogTest {
    private static final int SEGMENT = 64 * 1024;

    @TempDir
    private Path folder;

    @Test
    @DisplayName(
            "goes on in the segments it has while its disk takes none, complains once, and makes new ones afterwards")
    void disk() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        JournalSettings settings =
                new JournalSettings(disk, SEGMENT, 10L * SEGMENT, Duration.ofMillis(25), Duration.ZERO, 4);
        ListAppender<ILoggingEvent> said = new ListAppender<>();
        said.start();
        Logger logger = (Logger) LoggerFactory.getLogger(EpochLog.class);
        logger.addAppender(said);
        Level before = logger.getLevel();
        logger.setLevel(Level.INFO);
        EpochLog log = EpochLog.begin(settings, "gateway-0", 1);
        try {
            log.provide();
            // mapped files live on; a new one finds no folder
            Path away = Files.move(disk, folder.resolve("away"));
            Segment spare = requireNonNull(log.roll(log.first()));
            assertThat(spare.append(Segment.USAGE, 1, 0, new byte[] {1}, 1)).isPositive();
            for (int i = 0; i < 100; i++) {
                log.provide();
                assertThat(log.roll(spare)).isNull();
            }
            assertThat(said.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.ERROR);

            Files.move(away, disk);
            await().atMost(Duration.ofSeconds(10)).until(() -> log.roll(spare) != null);
            assertThat(said.list).extracting(ILoggingEvent::getLevel).containsExactly(Level.ERROR, Level.INFO);
        } finally {
            logger.detachAppender(said);
            logger.setLevel(before);
            log.unmap();
        }
    }
}
