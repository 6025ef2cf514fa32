package dev.gatehouse.gateway.arrive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.gateway.GatewayModule;
import dev.gatehouse.gateway.GatewaySettings;
import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.plan.Limits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A connection that a load balancer says whose it is")
class ArrivalTest {
    private static final int PATIENCE_MILLIS = 15_000;

    private static Sandbox sandbox;
    private static GatewayModule gateway;
    private static String request;

    @BeforeAll
    static void start() {
        sandbox = new Sandbox();
        gateway = sandbox.gateway("arrival", edge(List.of("127.0.0.1"), GatewaySettings.ProxyProtocol.REQUIRED));
        String key = sandbox.directory.key(sandbox.directory.tenant("arrival", new Limits(10_000, 10_000, 10_000)));
        request = "GET /v2/things/echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-API-Key: " + key + "\r\n\r\n";
        sandbox.synced(gateway);
    }

    private static GatewaySettings.Edge edge(List<String> proxies, GatewaySettings.ProxyProtocol protocol) {
        GatewaySettings.Edge standard = GatewaySettings.Edge.standard();
        return new GatewaySettings.Edge(
                proxies,
                standard.addressHeader(),
                protocol,
                standard.clearText(),
                standard.maxHeadBytes(),
                standard.maxTargetBytes(),
                standard.maxBodyBytes(),
                standard.idle(),
                standard.caps());
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    private static byte[] join(byte[] head, String rest) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head);
        all.writeBytes(rest.getBytes(StandardCharsets.ISO_8859_1));
        return all.toByteArray();
    }

    private static byte[] join(String head, String rest) {
        return join(head.getBytes(StandardCharsets.ISO_8859_1), rest);
    }

    private static Socket connect(String from) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(from, 0));
        socket.connect(new InetSocketAddress("127.0.0.1", gateway.port()));
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    /** All that comes back until the gateway closes. */
    private static String exchange(String from, byte[] octets) throws IOException {
        try (Socket socket = connect(from)) {
            try {
                socket.getOutputStream().write(octets);
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            } catch (IOException e) {
                if (e instanceof java.net.SocketTimeoutException) {
                    throw e;
                }
                return "";
            }
        }
    }

    @Test
    @DisplayName("is the client's that it names, in either version, also when the head comes octet by octet")
    void named() throws IOException {
        byte[][] heads = {
            "PROXY TCP4 198.51.100.7 10.0.0.1 56324 443\r\n".getBytes(StandardCharsets.US_ASCII),
            ProxyHeadTest.v2(0x21, 0x11, ProxyHeadTest.V4, new byte[] {4, 0, 1, 0})
        };
        for (byte[] head : heads) {
            assertThat(exchange("127.0.0.1", join(head, request))).contains("\"x-forwarded-for\":\"198.51.100.7\"");
            try (Socket socket = connect("127.0.0.1")) {
                socket.setTcpNoDelay(true);
                for (byte octet : join(head, request)) {
                    socket.getOutputStream().write(octet);
                    socket.getOutputStream().flush();
                }
                assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                        .contains("\"x-forwarded-for\":\"198.51.100.7\"");
            }
        }
    }

    @Test
    @DisplayName("is the balancer's own when it says nothing of a client")
    void own() throws IOException {
        for (byte[] head : new byte[][] {
            "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII),
            ProxyHeadTest.v2(0x20, 0),
            ProxyHeadTest.v2(0x21, 0x31, new byte[216])
        }) {
            assertThat(exchange("127.0.0.1", join(head, request))).contains("\"x-forwarded-for\":\"127.0.0.1\"");
        }
    }

    @Test
    @DisplayName("is closed unread when a stranger opened it, and when it says nothing that can be read")
    void refused() throws IOException {
        int before = sandbox.service.calls();
        String head = "PROXY TCP4 198.51.100.7 10.0.0.1 56324 443\r\n";
        assertThat(exchange("127.0.0.2", join(head, request))).isEmpty();
        assertThat(exchange("127.0.0.2", join("", request))).isEmpty();
        assertThat(exchange("127.0.0.1", join("", request))).isEmpty();
        assertThat(exchange("127.0.0.1", join("PROXY TCP4 x y 1 2\r\n", request)))
                .isEmpty();
        assertThat(exchange("127.0.0.1", join(ProxyHeadTest.v2(0x21, 0x12, ProxyHeadTest.V4), request)))
                .isEmpty();
        // a second head is part of the first request
        assertThat(exchange("127.0.0.1", join(head + head, request))).contains(" 400 Bad Request");
        assertThat(sandbox.service.calls()).isEqualTo(before);
    }

    @Test
    @DisplayName("holds no place when it ended before its head, after it, or said nothing for five seconds")
    void counts() throws IOException {
        List<Socket> silent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            exchange("127.0.0.1", join("PROXY TCP4 x", "\r\n"));
            try (Socket socket = connect("127.0.0.1")) {
                socket.getOutputStream().write("PROXY TC".getBytes(StandardCharsets.US_ASCII));
            }
            exchange("127.0.0.1", join("PROXY UNKNOWN\r\n", request));
            Socket socket = connect("127.0.0.1");
            socket.getOutputStream().write("PROXY TCP4 ".getBytes(StandardCharsets.US_ASCII));
            silent.add(socket);
        }
        for (Socket socket : silent) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            socket.close();
        }
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(sandbox.meter(gateway, "gatehouse.gateway.connections"))
                        .isZero());
        assertThat(sandbox.meter(gateway, "gatehouse.gateway.connections.unread"))
                .isZero();
    }

    @Test
    @DisplayName("needs to be told which balancers are believed")
    void settings() {
        assertThatThrownBy(() -> edge(List.of(), GatewaySettings.ProxyProtocol.REQUIRED))
                .hasMessageContaining("gatehouse.gateway.trusted-proxies");
    }
}
