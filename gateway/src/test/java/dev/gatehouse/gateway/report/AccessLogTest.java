package dev.gatehouse.gateway.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@DisplayName("The access log")
class AccessLogTest {
    @TempDir
    private Path folder;

    @Test
    @DisplayName("drops and counts what its disk does not take, complains once, and goes on when it can")
    void disk() throws IOException {
        // where the folder should be stands a file: nothing can be written there, whoever asks
        Path away = folder.resolve("log");
        Files.writeString(away, "in the way");
        ListAppender<ILoggingEvent> complaints = new ListAppender<>();
        complaints.start();
        Logger logger = (Logger) LoggerFactory.getLogger(AccessLog.class);
        logger.addAppender(complaints);
        try (AccessLog log = new AccessLog(away.resolve("access.log"))) {
            for (int i = 1; i <= 3; i++) {
                int many = i;
                log.add("lost\n");
                await().atMost(Duration.ofSeconds(10)).until(() -> log.dropped() >= many);
            }
            assertThat(complaints.list).hasSize(1);
            assertThat(complaints.list.getFirst().getFormattedMessage()).contains("access.log");

            Files.delete(away);
            Path file = away.resolve("access.log");
            await().atMost(Duration.ofSeconds(10)).until(() -> Files.exists(file));
            log.add("kept\n");
            await().until(() -> Files.readAllLines(file).equals(List.of("kept")));
        } finally {
            logger.detachAppender(complaints);
        }
    }
}
