package dev.gatehouse.app.role;

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
            Ports ports = new Ports("127.0.0.1", 8080);
            assertThatThrownBy(() -> ports.requireFree(socket.getLocalPort(), "gateway"))
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("Port " + socket.getLocalPort() + " for the gateway is taken")
                    .hasMessageContaining("--port N");
        }
    }

    @Test
    @DisplayName("leave room for those that follow")
    void room() {
        assertThatThrownBy(() -> new Ports("127.0.0.1", 65_533)).isInstanceOf(StartRefused.class);
    }
}
