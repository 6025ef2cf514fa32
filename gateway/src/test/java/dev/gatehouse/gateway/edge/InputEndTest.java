package dev.gatehouse.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.gateway.GatewayModule;
import dev.gatehouse.gateway.GatewaySettings;
import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.plan.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A client that sends no more")
class InputEndTest {
    private static Sandbox sandbox;
    private static GatewayModule gateway;
    private static String head;

    @BeforeAll
    static void start() {
        sandbox = new Sandbox();
        String key = sandbox.directory.key(sandbox.directory.tenant("ends", new Limits(100_000, 100_000, 100_000)));
        head = " HTTP/1.1\r\nHost: x\r\nX-API-Key: " + key + "\r\n";
        GatewaySettings.Edge standard = GatewaySettings.Edge.standard();
        gateway = sandbox.gateway(
                "ends",
                new GatewaySettings.Edge(
                        List.of(),
                        standard.addressHeader(),
                        standard.proxyProtocol(),
                        standard.clearText(),
                        standard.maxHeadBytes(),
                        standard.maxTargetBytes(),
                        standard.maxBodyBytes(),
                        Duration.ofSeconds(1),
                        standard.caps()));
        sandbox.synced(gateway);
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    private static Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @Test
    @DisplayName("gets its answer, and then the end of the connection")
    void answered() throws IOException {
        for (String path : List.of("/v2/things/echo", "/v2/things/slow?millis=700", "/v2/nowhere")) {
            try (Socket socket = connect()) {
                send(socket, "GET " + path + head + "\r\n");
                socket.shutdownOutput();
                assertThat(rest(socket)).startsWith("HTTP/1.1 ").containsAnyOf("bodyBytes", "late", "not_found");
            }
        }
    }

    @Test
    @DisplayName("gets the answer to its body, and to each of the requests that it had sent")
    void each() throws IOException {
        try (Socket socket = connect()) {
            send(
                    socket,
                    "POST /v2/things/slow?millis=300" + head + "Content-Length: 5\r\n\r\nhello" + "GET /v2/things/a"
                            + head + "\r\nGET /v2/things/b" + head + "\r\n");
            socket.shutdownOutput();
            assertThat(rest(socket)).contains("late", "\"uri\":\"/v2/things/a\"", "\"uri\":\"/v2/things/b\"");
        }
    }

    @Test
    @DisplayName("in the middle of a request has left")
    void unfinished() throws IOException {
        for (String part :
                List.of("", "GET /v2/th", "POST /v2/things/echo" + head + "Content-Length: 50\r\n\r\nhello")) {
            try (Socket socket = connect()) {
                send(socket, part);
                socket.shutdownOutput();
                assertThat(rest(socket)).isEmpty();
            }
        }
    }

    @Test
    @DisplayName("has left when it was waiting for a stream of events")
    void events() throws IOException {
        try (Socket socket = connect()) {
            send(socket, "GET /v2/things/events" + head + "\r\n");
            StringBuilder read = new StringBuilder();
            while (read.indexOf("data: hello") < 0) {
                read.append((char) socket.getInputStream().read());
            }
            socket.shutdownOutput();
            rest(socket);
        }
    }

    @Test
    @DisplayName("is not cut for it within a call, however long that takes; between calls it is")
    void idle() throws IOException {
        try (Socket socket = connect()) {
            // more than twice the idle time
            send(socket, "GET /v2/things/slow?millis=2500" + head + "\r\n");
            byte[] start = socket.getInputStream().readNBytes(12);
            assertThat(new String(start, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
            long answered = System.nanoTime();
            assertThat(rest(socket)).endsWith("late");
            assertThat(System.nanoTime() - answered).isGreaterThan(500_000_000L);
        }
        await().until(() -> sandbox.service.calls() > 0);
    }
}
