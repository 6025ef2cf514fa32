package dev.gatehouse.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.GatewayModule;
import dev.gatehouse.gateway.stub.RawService;
import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.plan.Limits;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a service is sent of a request that came over HTTP/2, which each test is run for in the clear and over TLS. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ForwardedFraming {
    Sandbox sandbox;
    RawService service;
    GatewayModule gateway;
    String key;
    private HttpClient http2;

    abstract GatewayModule open() throws Exception;

    abstract HttpClientOptions client();

    @BeforeAll
    void start() throws Exception {
        sandbox = new Sandbox();
        service = new RawService(with -> with.send(
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" + (with.head().startsWith("HEAD") ? "" : "ok")));
        sandbox.directory.route(Sandbox.open("raw", "/v2/raw", service.url()));
        key = sandbox.directory.key(sandbox.directory.tenant("framing", new Limits(1_000_000, 1_000_000, 1_000_000)));
        gateway = open();
        sandbox.synced(gateway);
        http2 = sandbox.vertx.createHttpClient(client().setProtocolVersion(HttpVersion.HTTP_2));
    }

    @AfterAll
    void stop() {
        service.close();
        sandbox.close();
    }

    @BeforeEach
    void forget() {
        service.requests().clear();
    }

    /** The status, or 0 when the stream was reset. */
    private int call(HttpMethod method, @Nullable String length, String... body) throws Exception {
        return http2.request(method, gateway.port(), "127.0.0.1", "/v2/raw/a")
                .compose(request -> {
                    request.putHeader("X-API-Key", key);
                    if (length != null) {
                        request.putHeader("Content-Length", length);
                    } else {
                        request.setChunked(true);
                    }
                    for (String piece : body) {
                        var unused = request.write(Buffer.buffer(piece));
                    }
                    var unused = request.end();
                    return request.response();
                })
                .map(answer -> answer.statusCode())
                .otherwise(0)
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    String only() {
        assertThat(service.requests()).hasSize(1);
        return service.requests().getFirst();
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    @ParameterizedTest(name = "{0} over HTTP/2 with a length and as much data has both")
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "DELETE", "POST", "PUT", "PATCH"})
    void lengthAndBody(String method) throws Exception {
        assertThat(call(HttpMethod.valueOf(method), "5", "hello")).isEqualTo(200);
        assertThat(lower(only())).contains("\r\ncontent-length: 5\r\n").endsWith("\r\n\r\nhello");
    }

    @ParameterizedTest(name = "{0} over HTTP/2 with data and no length is sent in chunks")
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "DELETE", "POST"})
    void bodyAlone(String method) throws Exception {
        assertThat(call(HttpMethod.valueOf(method), null, "hel", "lo")).isEqualTo(200);
        assertThat(lower(only())).contains("\r\ntransfer-encoding: chunked\r\n").doesNotContain("content-length");
        assertThat(only()).endsWith("hello");
    }

    @ParameterizedTest(name = "{0} over HTTP/2 with neither has neither")
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "DELETE"})
    void nothing(String method) throws Exception {
        assertThat(call(HttpMethod.valueOf(method), null)).isEqualTo(200);
        assertThat(lower(only())).doesNotContain("content-length", "transfer-encoding");
    }

    @Test
    @DisplayName("of a POST without a body says so")
    void empty() throws Exception {
        assertThat(call(HttpMethod.POST, null)).isEqualTo(200);
        assertThat(lower(only())).contains("\r\ncontent-length: 0\r\n");
    }

    @ParameterizedTest(
            name = "a length of {0} with five octets of data reaches no service whole, and nothing behind it is run")
    @ValueSource(strings = {"3", "4", "6", "500"})
    void mismatch(String length) throws Exception {
        assertThat(call(HttpMethod.GET, length, "hello")).isIn(0, 400);
        // whatever comes next is a request of its own
        assertThat(call(HttpMethod.GET, null)).isEqualTo(200);
        assertThat(service.requests()).hasSize(1);
        assertThat(only()).startsWith("GET /v2/raw/a HTTP/1.1\r\n").doesNotContain("hello");
    }

    @Test
    @DisplayName("even when the length is more than the data and the stream has ended: no other call becomes the body")
    void smuggled() throws Exception {
        for (String length : List.of("5", "1000")) {
            assertThat(call(HttpMethod.GET, length)).isIn(0, 400);
        }
        for (int i = 0; i < 5; i++) {
            assertThat(call(HttpMethod.GET, null)).isEqualTo(200);
        }
        assertThat(service.requests()).hasSize(5).allMatch(request -> request.startsWith("GET /v2/raw/a HTTP/1.1\r\n"));
    }
}
