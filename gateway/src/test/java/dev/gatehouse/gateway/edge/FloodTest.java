package dev.gatehouse.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.GatewayModule;
import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.plan.Limits;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An HTTP/2 connection that is an attack")
class FloodTest {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int CONTINUATION = 9;
    /** {@code GET /v2/things/echo} at {@code http://x} in HPACK without Huffman codes. */
    private static final byte[] HEAD = hpack("/v2/things/echo");

    private static Sandbox sandbox;
    private static GatewayModule gateway;
    private static String key;

    @BeforeAll
    static void start() {
        sandbox = new Sandbox();
        gateway = sandbox.clearHttp2("flood");
        key = sandbox.directory.key(sandbox.directory.tenant("flood", new Limits(100_000, 100_000, 100_000)));
        sandbox.synced(gateway);
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @Test
    @DisplayName("of streams that are reset at once is ended, and the gateway serves on")
    void rapidReset() throws IOException {
        ByteArrayOutputStream out = opening();
        for (int stream = 1; stream < 4_000; stream += 2) {
            frame(out, HEADERS, 0x5, stream, HEAD);
            frame(out, RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
        }
        assertThat(RawBytes.exchange(gateway.port(), out.toByteArray(), "", 20_000)
                        .closed())
                .isTrue();
        serves();
    }

    @Test
    @DisplayName("of a hundred streams that are reset in their own packet has only the first few taken up")
    void resetBeforeTheirTurn() throws IOException {
        byte[] head = hpack("/v2/things/reset");
        ByteArrayOutputStream out = opening();
        for (int stream = 1; stream < 200; stream += 2) {
            frame(out, HEADERS, 0x5, stream, head);
            frame(out, RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8});
        }
        RawBytes.exchange(gateway.port(), out.toByteArray(), "", 500);
        Path log = sandbox.folder("flood").resolve("access.log");
        Awaitility.await()
                .untilAsserted(() -> assertThat(
                                Files.readAllLines(log).stream().filter(line -> line.contains("/v2/things/reset")))
                        // the packet may be read in several passes of the loop
                        .hasSizeBetween(1, 4 * StreamTurns.AT_ONCE));
    }

    @Test
    @DisplayName(
            "or only looks like one, with three times as many calls at once as are taken up at once, has all of them answered")
    void manyAtOnce() {
        HttpClientAgent client = sandbox.vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));
        HttpClientConnection connection = await(
                client.connect(new HttpConnectOptions().setHost("127.0.0.1").setPort(gateway.port())));
        List<Future<Buffer>> calls = new ArrayList<>();
        for (int i = 0; i < 3 * StreamTurns.AT_ONCE; i++) {
            Buffer body = Buffer.buffer(new byte[1_000 * i]);
            RequestOptions request = new RequestOptions()
                    .setMethod(i % 3 == 0 ? HttpMethod.GET : HttpMethod.POST)
                    .setURI("/v2/things/echo")
                    .putHeader("X-API-Key", key);
            calls.add(connection
                    .request(request)
                    .compose(call -> call.getMethod().equals(HttpMethod.GET) ? call.send() : call.send(body))
                    .compose(HttpClientResponse::body));
        }
        for (int i = 0; i < 3 * StreamTurns.AT_ONCE; i++) {
            assertThat(await(calls.get(i)).toString()).contains("\"bodyBytes\":" + (i % 3 == 0 ? 0 : 1_000 * i) + "}");
        }
        await(client.close());
    }

    @Test
    @DisplayName("of calls that are all refused is told to calm down, and the gateway serves others on")
    void refusedStreams() {
        String poor = sandbox.directory.key(sandbox.directory.tenant("poor", new Limits(1, 1, 1)));
        sandbox.synced(gateway);
        HttpClientAgent client = sandbox.vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));
        HttpClientConnection connection = await(
                client.connect(new HttpConnectOptions().setHost("127.0.0.1").setPort(gateway.port())));
        AtomicLong goneAway = new AtomicLong();
        connection.goAwayHandler(frame -> goneAway.set(frame.getErrorCode()));
        AtomicInteger refused = new AtomicInteger();
        for (int i = 0; i < 4 * ClientConnections.MOST_REFUSALS / 50 && goneAway.get() == 0; i++) {
            List<Future<Void>> calls = new ArrayList<>();
            for (int j = 0; j < 50; j++) {
                calls.add(connection
                        .request(new RequestOptions().setURI("/v2/things/echo").putHeader("X-API-Key", poor))
                        .compose(HttpClientRequest::send)
                        .onSuccess(answer -> refused.addAndGet(answer.statusCode() == 429 ? 1 : 0))
                        .mapEmpty());
            }
            // those that come after the end fail
            await(Future.join(calls).otherwiseEmpty());
        }
        assertThat(refused.get()).isBetween(1, ClientConnections.MOST_REFUSALS);
        assertThat(goneAway).hasValue(0xb);
        serves();
        await(client.close());
    }

    @Test
    @DisplayName("of CONTINUATION frames without an end is ended, and the gateway serves on")
    void continuations() throws IOException {
        ByteArrayOutputStream out = opening();
        frame(out, HEADERS, 0x1, 1, HEAD);
        for (int i = 0; i < 20_000; i++) {
            frame(out, CONTINUATION, 0, 1, new byte[] {0, 1, 'a', 1, 'b'});
        }
        assertThat(RawBytes.exchange(gateway.port(), out.toByteArray(), "", 20_000)
                        .closed())
                .isTrue();
        serves();
    }

    @Test
    @DisplayName("of settings frames is ended or answered, and the gateway serves on")
    void settings() throws IOException {
        ByteArrayOutputStream out = opening();
        for (int i = 0; i < 20_000; i++) {
            frame(out, SETTINGS, 0, 0, new byte[0]);
        }
        RawBytes.exchange(gateway.port(), out.toByteArray(), "", 1_000);
        serves();
    }

    @Test
    @DisplayName("of a head that unpacks to megabytes is ended, and the gateway serves on")
    void bomb() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.writeBytes(HEAD);
        // one entry of the dynamic table of 3,000 bytes, then a reference to it, a byte each, 10,000 times
        head.write(0x40);
        head.write(1);
        head.write('a');
        head.write(0x7f);
        int length = 3_000 - 127;
        while (length >= 128) {
            head.write(length % 128 + 128);
            length /= 128;
        }
        head.write(length);
        head.writeBytes(new byte[3_000]);
        for (int i = 0; i < 10_000; i++) {
            head.write(0x80 | 62);
        }
        ByteArrayOutputStream out = opening();
        frame(out, HEADERS, 0x5, 1, head.toByteArray());
        int before = sandbox.service.calls();
        RawBytes.exchange(gateway.port(), out.toByteArray(), "", 2_000);
        assertThat(sandbox.service.calls()).isEqualTo(before);
        serves();
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    private static void serves() {
        assertThat(sandbox.get(gateway, key, "/v2/things/echo").statusCode()).isEqualTo(200);
    }

    private static ByteArrayOutputStream opening() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(PREFACE);
        frame(out, SETTINGS, 0, 0, new byte[0]);
        return out;
    }

    private static void frame(ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload) {
        out.write(payload.length >> 16);
        out.write(payload.length >> 8);
        out.write(payload.length);
        out.write(type);
        out.write(flags);
        out.write(stream >> 24);
        out.write(stream >> 16);
        out.write(stream >> 8);
        out.write(stream);
        out.writeBytes(payload);
    }

    private static byte[] hpack(String asked) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        // :method GET, :scheme http
        out.write(0x82);
        out.write(0x86);
        // :path and :authority, literal, not indexed
        byte[] path = asked.getBytes(StandardCharsets.US_ASCII);
        out.write(0x04);
        out.write(path.length);
        out.writeBytes(path);
        out.write(0x01);
        out.write(1);
        out.write('x');
        return out.toByteArray();
    }
}
