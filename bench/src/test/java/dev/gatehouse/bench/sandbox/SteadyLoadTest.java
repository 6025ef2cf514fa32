package dev.gatehouse.bench.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An even load")
class SteadyLoadTest {
    private static final byte[] OK =
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);

    @Test
    @DisplayName("counts a call that has no answer as failed, and each one that was due behind it")
    void hung() throws IOException {
        AtomicBoolean silent = new AtomicBoolean();
        try (ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answer(server, silent));
            try (SteadyLoad load = new SteadyLoad(server.getLocalPort(), null, "key", 100, 2, i -> "/")) {
                await().until(() -> load.all().calls() >= 20);
                assertThat(load.all().failures()).isZero();

                silent.set(true);
                long from = load.now();
                await().until(() -> load.now() - from > 500_000_000L);
                SteadyLoad.Part hung = load.between(from, from + 500_000_000L);
                // a call every 10 ms
                assertThat(hung.calls()).isBetween(49, 51);
                assertThat(hung.failures()).isBetween(47L, 51L);
                assertThat(hung.kinds()).containsOnlyKeys("0 no answer");
            }
        }
    }

    private static void answer(ServerSocket server, AtomicBoolean silent) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> answer(socket, silent));
            } catch (IOException e) {
                // the test is over
            }
        }
    }

    private static void answer(Socket socket, AtomicBoolean silent) {
        try (socket;
                OutputStream out = socket.getOutputStream()) {
            byte[] request = new byte[1024];
            while (socket.getInputStream().read(request) >= 0) {
                if (!silent.get()) {
                    out.write(OK);
                }
            }
        } catch (IOException e) {
            // the test is over
        }
    }
}
