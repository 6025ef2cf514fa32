package dev.gatehouse.app.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An installation's folder")
class InstallationTest {
    @TempDir
    Path temp;

    @Test
    @DisplayName("is one process's at a time, and the refusal names the holder")
    void oneAtATime() {
        Path folder = temp.resolve("a folder");
        try (Installation first = Installation.open(folder)) {
            assertThatThrownBy(() -> Installation.open(folder))
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("in use by another gatehouse, process "
                            + ProcessHandle.current().pid());
            assertThat(first.folder()).isEqualTo(folder);
        }
        Installation.open(folder).close();
    }

    @Test
    @DisplayName("keeps its secrets from everyone but its owner, and the same over a restart")
    void secrets() throws Exception {
        String token;
        byte[] key;
        try (Installation installation = Installation.open(temp)) {
            token = installation.adminToken();
            key = installation.secrets(Optional.empty()).identityKey("listings");
            installation.announce(new Running(1, "http://127.0.0.1:1"));
            installation.keepDemo(new Demo("tnt_1", "demo", "gate_live_x"));
            for (String name : List.of("admin-token", "secret", "running.json", "demo.json")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve(name))))
                        .as(name)
                        .isEqualTo("rw-------");
            }
        }
        try (Installation again = Installation.open(temp)) {
            assertThat(again.adminToken()).isEqualTo(token);
            assertThat(again.secrets(Optional.empty()).identityKey("listings")).isEqualTo(key);
            assertThat(again.demo()).contains(new Demo("tnt_1", "demo", "gate_live_x"));
        }
    }

    @Test
    @DisplayName("can be reached while a process holds it, and not after")
    void reach() {
        assertThat(Installation.reach(temp)).isEmpty();
        try (Installation installation = Installation.open(temp)) {
            String token = installation.adminToken();
            installation.announce(new Running(7, "http://127.0.0.1:1"));
            assertThat(Installation.reach(temp)).contains(new Reachable(new Running(7, "http://127.0.0.1:1"), token));
        }
        assertThat(Installation.reach(temp)).isEmpty();
    }

    @Test
    @DisplayName("is not reached by what a killed process wrote and could not take back")
    void killed() throws Exception {
        Files.writeString(temp.resolve("running.json"), "{\"pid\":1,\"adminUrl\":\"http://127.0.0.1:1\"}");
        Files.writeString(temp.resolve("lock"), "1");
        assertThat(Installation.reach(temp)).isEmpty();
    }

    @Test
    @DisplayName("refuses a master secret that is too short, and says how to make one")
    void shortSecret() {
        try (Installation installation = Installation.open(temp)) {
            assertThatThrownBy(() -> installation.secrets(Optional.of("c2hvcnQ=")))
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("head -c 32 /dev/urandom | base64");
        }
    }
}
