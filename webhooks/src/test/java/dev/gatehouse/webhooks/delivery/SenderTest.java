package dev.gatehouse.webhooks.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.webhooks.Attempt;
import dev.gatehouse.webhooks.guard.AddressGuard;
import dev.gatehouse.webhooks.guard.Loopback;
import dev.gatehouse.webhooks.guard.Resolver;
import dev.gatehouse.webhooks.signature.SigningSecret;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.X509KeyManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SenderTest {
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private interface Behaviour {
        void answer(OutputStream out) throws IOException, InterruptedException;
    }

    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final Vertx vertx = Vertx.vertx();
    private final Sender sender =
            new Sender(vertx, new AddressGuard(Resolver.system(), Loopback.ALLOWED), InstantSource.system(), DEADLINE);

    @SuppressWarnings("NullAway.Init")
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        sender.close();
        vertx.close();
    }

    private void behave(Behaviour behaviour) {
        Thread.startVirtualThread(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    heads.add(head(socket.getInputStream()));
                    behaviour.answer(socket.getOutputStream());
                } catch (IOException | InterruptedException e) {
                    // the sender broke off, as it should, or the test is over
                }
            }
        });
    }

    /** Reads up to the body and the two bytes of it. */
    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.read());
        }
        in.readNBytes(2);
        return head.toString();
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private Finished send(String url) {
        return send(sender, url);
    }

    private static Finished send(Sender by, String url) {
        TenantId tenant = TenantId.next(InstantSource.system());
        Target target = new Target("whe_1", tenant, url, true, false, List.of(SigningSecret.random()), null);
        return by.send(target, new Due("dlv_1", tenant, "whe_1", "wrk_1", "msg_1", 0, "{}", null));
    }

    private Finished send() {
        return send("http://localhost:" + server.getLocalPort() + "/hook?a=b");
    }

    @Test
    @DisplayName("deliveries of one endpoint that hang leave another endpoint of the same host all its room")
    void sameHost() throws Exception {
        CountDownLatch hanging = new CountDownLatch(Limits.PER_ENDPOINT);
        HttpServer host = vertx.createHttpServer()
                .requestHandler(request -> {
                    if ("/slow".equals(request.path())) {
                        hanging.countDown();
                    } else {
                        request.response().end();
                    }
                })
                .listen(0, "127.0.0.1")
                .await(10, TimeUnit.SECONDS);
        String url = "http://127.0.0.1:" + host.actualPort();
        for (int i = 0; i < Limits.PER_ENDPOINT; i++) {
            Thread.startVirtualThread(() -> send(url + "/slow"));
        }
        assertThat(hanging.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(send(url + "/quick").isSuccess()).isTrue();
    }

    @Test
    @DisplayName("the host is named in Host while the checked address is connected to, and all times are kept")
    void names() {
        behave(out -> say(out, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
        Finished finished = send();
        assertThat(finished.response().error()).as(finished.response().detail()).isNull();
        assertThat(heads.getFirst())
                .startsWith("POST /hook?a=b HTTP/1.1")
                .containsIgnoringCase("host: localhost:" + server.getLocalPort());
        assertThat(finished.response().body()).isEqualTo("ok");
        assertThat(finished.response().timing().total())
                .isGreaterThanOrEqualTo(finished.response().timing().firstByte());
    }

    @Test
    @DisplayName("of a new TLS connection both handshakes are timed apart, and of one that was open none")
    void tls() throws Exception {
        X509Bundle authority = new CertificateBuilder()
                .subject("CN=Test Authority")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        X509Bundle leaf = new CertificateBuilder()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .buildIssuedBy(authority);
        HttpServer receiver = vertx.createHttpServer(new HttpServerOptions()
                        .setHost("127.0.0.1")
                        .setPort(0)
                        .setSsl(true)
                        .setKeyCertOptions(KeyCertOptions.wrap(
                                (X509KeyManager) leaf.toKeyManagerFactory().getKeyManagers()[0])))
                .requestHandler(request -> request.response().setStatusCode(204).end());
        int port = receiver.listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
        TrustOptions trust = TrustOptions.wrap(authority.toTrustManager());
        try (Sender trusting = new Sender(
                vertx,
                new AddressGuard(Resolver.system(), Loopback.ALLOWED),
                InstantSource.system(),
                DEADLINE,
                trust)) {
            Finished first = send(trusting, "https://localhost:" + port + "/");
            assertThat(first.response().error()).as(first.response().detail()).isNull();
            Attempt.Timing fresh = first.response().timing();
            assertThat(fresh.tls()).isPositive();
            assertThat(fresh.connect()).isPositive();
            assertThat(fresh.dns() + fresh.connect() + fresh.tls()).isLessThanOrEqualTo(fresh.firstByte());
            // a connection is kept a moment after its answer was read
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> send(trusting, "https://localhost:" + port + "/")
                                    .response()
                                    .timing()
                                    .tls()
                            == 0);
        }
        assertThat(send("https://localhost:" + port + "/").response().error()).isEqualTo("tls");
    }

    @Test
    @DisplayName("a body of one byte a second is broken off at the deadline")
    void slowBody() {
        behave(out -> {
            say(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
            for (int i = 0; i < 20; i++) {
                say(out, "x");
                Thread.sleep(1_000);
            }
        });
        long start = System.nanoTime();
        Finished finished = send();
        assertThat(finished.response().error()).isEqualTo("timeout");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(DEADLINE.plusSeconds(2));
    }

    @Test
    @DisplayName("an answer that never begins is broken off at the deadline")
    void silent() {
        behave(out -> Thread.sleep(10_000));
        assertThat(send().response().error()).isEqualTo("timeout");
    }

    @Test
    @DisplayName("an answer without end is cut off, and little of it is kept")
    void endless() {
        behave(out -> {
            say(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
            byte[] piece = new byte[16 * 1024];
            while (true) {
                out.write(piece);
            }
        });
        Finished finished = send();
        assertThat(finished.response().error()).as(finished.response().detail()).isNull();
        assertThat(finished.response().detail()).contains("cut off");
        assertThat(finished.response().body()).hasSizeLessThanOrEqualTo(Sender.KEPT);
    }

    @Test
    @DisplayName("a gzip bomb stays packed")
    void bomb() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(packed)) {
            zip.write(new byte[50 << 20]);
        }
        behave(out -> {
            say(out, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + packed.size() + "\r\n\r\n");
            out.write(packed.toByteArray());
            out.flush();
        });
        Finished finished = send();
        assertThat(finished.response().error()).as(finished.response().detail()).isNull();
        assertThat(finished.response().body().length()).isBetween(1, Sender.KEPT);
        assertThat(finished.response().body()).doesNotContain("\0");
    }

    @Test
    @DisplayName("a redirect to a cloud's metadata is a failed attempt and is not followed")
    void redirect() {
        behave(
                out -> say(
                        out,
                        "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest/meta-data\r\nContent-Length: 0\r\n\r\n"));
        Finished finished = send();
        assertThat(finished.response().status()).isEqualTo(302);
        assertThat(finished.response().error()).isEqualTo("status");
        assertThat(finished.response().detail()).contains("redirects are not followed");
        assertThat(heads).hasSize(1);
    }

    @Test
    @DisplayName("what the guard refuses is never connected to, and where nobody listens is told apart")
    void notConnected() throws IOException {
        assertThat(send("https://10.0.0.1/").response().error()).isEqualTo("blocked");
        int port = server.getLocalPort();
        server.close();
        assertThat(send("http://127.0.0.1:" + port + "/").response().error()).isEqualTo("connect");
    }

    @Test
    @DisplayName("Retry-After is read as seconds and as a date")
    void retryAfter() {
        behave(out -> say(out, "HTTP/1.1 503 Busy\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n"));
        assertThat(send().retryAfter()).isEqualTo(Duration.ofMinutes(2));
        java.time.Instant now = java.time.Instant.parse("2026-03-01T08:00:00Z");
        assertThat(RetryAfter.read("Sun, 01 Mar 2026 08:05:00 GMT", now)).isEqualTo(Duration.ofMinutes(5));
        assertThat(RetryAfter.read("soon", now)).isNull();
    }
}
