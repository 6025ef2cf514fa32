package dev.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.e2e.harness.Launcher;
import dev.gatehouse.e2e.harness.RunningGatehouse;
import dev.gatehouse.engines.PortRange;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("gatehouse up")
class StartAndStopTest {
    /** What starts is looked at here, and not what the town and the market do behind it. */
    private static final Map<String, String> QUIET = Map.of("GATEHOUSE_TOWN", "off", "GATEHOUSE_SIMULATOR", "off");

    @TempDir
    Path temp;

    @Test
    @DisplayName(
            "comes up in a folder with a space, says how it stands, refuses a second one there and names its holder, and takes"
                    + " its children with it at SIGTERM")
    void comesAndGoes() throws Exception {
        List<ProcessHandle> children;
        Path data = temp.resolve("my data");
        try (RunningGatehouse gatehouse = RunningGatehouse.up(data, PortRange.find(), QUIET)) {
            JsonNode status = gatehouse.status();
            assertThat(status.path("ready").asBoolean()).isTrue();
            assertThat(status.at("/engines/postgres/state").asText()).isEqualTo("up");
            assertThat(status.at("/engines/postgres/embedded").asBoolean()).isTrue();
            assertThat(status.at("/engines/redis/state").asText()).isEqualTo("up");
            assertThat(gatehouse.says().lines().count()).isLessThanOrEqualTo(20);
            children = gatehouse.children();
            assertThat(children).isNotEmpty();
            Launcher.Result second =
                    Launcher.run("up", "--data", data.toString(), "--port", Integer.toString(PortRange.find()));
            assertThat(second.exit()).isEqualTo(1);
            assertThat(second.err()).contains("is in use by another gatehouse, process " + gatehouse.pid());
        }
        assertThat(children).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    @DisplayName("leaves nothing that stops the next start when it is killed with -9")
    void killed() throws Exception {
        int port = PortRange.find();
        RunningGatehouse killed = RunningGatehouse.up(temp, port, QUIET);
        List<ProcessHandle> children = killed.children();
        killed.kill();
        try (RunningGatehouse again = RunningGatehouse.up(temp, port, QUIET)) {
            assertThat(again.status().path("ready").asBoolean()).isTrue();
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    @DisplayName("says which port is taken, and stops what it had started")
    void portTaken() throws Exception {
        int port = PortRange.find();
        try (ServerSocket taken = new ServerSocket(port + 4, 1, InetAddress.getLoopbackAddress())) {
            RunningGatehouse refused = RunningGatehouse.begin(temp, port, Map.of());
            await().atMost(Duration.ofSeconds(30)).until(() -> !refused.isAlive());
            assertThat(refused.says())
                    .contains("Port " + taken.getLocalPort() + " for the admin")
                    .contains("--port N");
        }
    }
}
