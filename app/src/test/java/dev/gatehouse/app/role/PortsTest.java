package dev.gatehouse.app.role;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.app.installation.StartRefused;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The ports of an installation")
class PortsTest {
    @Test
    @DisplayName("that are taken are named, with the way out")
    void taken() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Ports ports = new Ports("127.0.0.1", "127.0.0.1", 8080);
            assertThatThrownBy(() -> ports.requireFree(socket.getLocalPort(), "gateway"))
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("Port " + socket.getLocalPort() + " for the gateway is taken")
                    .hasMessageContaining("--port N");
        }
    }

    @Test
    @DisplayName(
            "are open to others only where they were told to, and what is private is told apart from what is public")
    void exposed() {
        assertThat(new Ports("0.0.0.0", "127.0.0.1", 8080).isPrivateExposed()).isFalse();
        assertThat(new Ports("127.0.0.1", "::1", 8080).isPrivateExposed()).isFalse();
        assertThat(new Ports("127.0.0.1", "0.0.0.0", 8080).isPrivateExposed()).isTrue();
        assertThat(new Ports("127.0.0.1", "::", 8080).isPrivateExposed()).isTrue();
        assertThat(new Ports("127.0.0.1", "192.0.2.7", 8080).isPrivateExposed()).isTrue();
        assertThat(new Ports("127.0.0.1", "0.0.0.0", 8080).adminUri()).hasToString("http://127.0.0.1:8084");
        assertThat(new Ports("127.0.0.1", "::", 8080).adminUri()).hasToString("http://[::1]:8084");
        assertThat(new Ports("127.0.0.1", "192.0.2.7", 8080).adminUri()).hasToString("http://192.0.2.7:8084");
    }

    @Test
    @DisplayName("leave room for those that follow")
    void room() {
        assertThatThrownBy(() -> new Ports("127.0.0.1", "127.0.0.1", 65_533)).isInstanceOf(StartRefused.class);
    }
}
