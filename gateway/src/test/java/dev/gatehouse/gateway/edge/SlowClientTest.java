package dev.gatehouse.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.gateway.GatewayModule;
import dev.gatehouse.gateway.GatewaySettings;
import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.plan.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A client that is slow or holds on to connections")
class SlowClientTest {
    private static Sandbox sandbox;
    private static GatewayModule gateway;
    private static String key;

    @BeforeAll
    static void start() {
        sandbox = new Sandbox();
        gateway = sandbox.gateway("slow", edge(100, 1_000, Duration.ofSeconds(2)));
        key = sandbox.directory.key(sandbox.directory.tenant("slow", new Limits(100_000, 100_000, 100_000)));
        sandbox.synced(gateway);
    }

    private static GatewaySettings.Edge edge(int ofTenant, int ofAddress, Duration firstHead) {
        GatewaySettings.Edge standard = GatewaySettings.Edge.standard();
        Duration two = Duration.ofSeconds(2);
        return new GatewaySettings.Edge(
                List.of(),
                standard.addressHeader(),
                standard.proxyProtocol(),
                standard.clearText(),
                standard.maxHeadBytes(),
                standard.maxTargetBytes(),
                standard.maxBodyBytes(),
                standard.idle(),
                new GatewaySettings.Caps(
                        Duration.ofSeconds(1), 10, ofTenant, ofAddress, 10_000, firstHead, two, 512, two));
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @Test
    @DisplayName("that drips its head is closed, however often it sends a byte")
    void head() throws IOException {
        try (Socket socket = connect(gateway)) {
            socket.setSoTimeout(200);
            send(socket, "GET /v2/things/echo HTTP/1.1\r\nHost: x\r\n");
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                try {
                    send(socket, "X-A: b\r\n");
                    return socket.getInputStream().read() < 0;
                } catch (SocketTimeoutException e) {
                    return false;
                } catch (IOException e) {
                    return true;
                }
            });
        }
    }

    @Test
    @DisplayName("that stops in its body gets 408, and the service is not blamed for it")
    void body() throws InterruptedException {
        List<Thread> clients = new ArrayList<>();
        Queue<Integer> answers = new ConcurrentLinkedQueue<>();
        // more than the breaker forgives
        for (int i = 0; i < 7; i++) {
            clients.add(Thread.ofVirtual().start(() -> answers.add(stopInBody())));
        }
        for (Thread client : clients) {
            client.join();
        }
        assertThat(answers).hasSize(7).containsOnly(408);
        assertThat(sandbox.get(gateway, key, "/v2/things/echo").statusCode()).isEqualTo(200);
    }

    private static int stopInBody() {
        String half = "POST /v2/things/echo HTTP/1.1\r\nHost: x\r\nX-API-Key: " + key
                + "\r\nContent-Length: 1000\r\n\r\nhalf";
        try {
            return RawBytes.exchange(
                            gateway.port(), half.getBytes(StandardCharsets.US_ASCII), "request_too_slow", 30_000)
                    .status();
        } catch (IOException e) {
            return 0;
        }
    }

    @Test
    @DisplayName("that does not read its answer is cut off, and the service is not blamed for it")
    void reader() throws IOException {
        try (Socket socket = connect(gateway)) {
            socket.setReceiveBufferSize(4_096);
            socket.setSoTimeout(20_000);
            send(socket, "GET /v2/things/big?bytes=200000000 HTTP/1.1\r\nHost: x\r\nX-API-Key: " + key + "\r\n\r\n");
            InputStream in = socket.getInputStream();
            assertThat(in.read()).isEqualTo('H');
            await().atMost(Duration.ofSeconds(30)).until(() -> sandbox.service.bigOnes() == 0);
        }
        assertThat(sandbox.get(gateway, key, "/v2/things/echo").statusCode()).isEqualTo(200);
    }

    @Test
    @DisplayName("opens as many connections as its tenant and its address may have")
    void connections() throws IOException {
        String own = sandbox.directory.key(sandbox.directory.tenant("many", new Limits(1_000, 1_000, 1_000)));
        GatewayModule crowded = sandbox.gateway("crowded", edge(4, 12, Duration.ofSeconds(60)));
        sandbox.synced(crowded);
        List<Socket> open = new ArrayList<>();
        try {
            String call = "GET /v2/account/limits HTTP/1.1\r\nHost: x\r\nX-API-Key: " + own + "\r\n\r\n";
            for (int i = 0; i < 5; i++) {
                Socket socket = connect(crowded);
                open.add(socket);
                socket.setSoTimeout(20_000);
                send(socket, call);
                byte[] start = socket.getInputStream().readNBytes(12);
                String status = new String(start, StandardCharsets.US_ASCII);
                assertThat(status).isEqualTo(i < 4 ? "HTTP/1.1 200" : "HTTP/1.1 429");
            }
            // an address that holds a dozen gets no further one
            List<Socket> more = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                Socket socket = connect(crowded);
                socket.setSoTimeout(100);
                more.add(socket);
            }
            open.addAll(more);
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(more.stream().filter(SlowClientTest::isClosed))
                            .hasSizeBetween(4, 11));
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    private static boolean isClosed(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static Socket connect(GatewayModule to) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), to.port());
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }
}
