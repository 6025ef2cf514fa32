package dev.gatehouse.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.GatewayModule;
import io.vertx.core.http.HttpClientOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The framing of a forwarded request is written from what really came")
class ForwardedFramingTest extends ForwardedFraming {
    @Override
    GatewayModule open() {
        return sandbox.clearHttp2("framing");
    }

    @Override
    HttpClientOptions client() {
        return new HttpClientOptions().setHttp2ClearTextUpgrade(false);
    }

    @ParameterizedTest(name = "and over HTTP/1.1: {0} with a length and in chunks; Connection may not name them")
    @ValueSource(strings = {"GET", "DELETE", "POST", "OPTIONS"})
    void http1(String method) throws IOException {
        String head = method + " /v2/raw/a HTTP/1.1\r\nHost: a\r\nX-API-Key: " + key + "\r\n";
        String length = "Content-Length: 5\r\n\r\nhello";
        String chunks = "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
        for (String more : List.of(length, chunks)) {
            RawBytes.Answer answer = RawBytes.exchange(
                    gateway.port(), (head + more).getBytes(StandardCharsets.US_ASCII), "\r\n\r\nok", 15_000);
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        }
        for (String more : List.of(
                "Connection: content-length\r\n" + length, "Connection: close, Transfer-Encoding\r\n" + chunks)) {
            RawBytes.Answer answer =
                    RawBytes.exchange(gateway.port(), (head + more).getBytes(StandardCharsets.US_ASCII), "", 15_000);
            assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        }
        assertThat(service.requests()).hasSize(2).allMatch(request -> request.endsWith("hello"));
    }

    @Test
    @DisplayName("and over HTTP/1.0, whose body has a length")
    void http10() throws IOException {
        RawBytes.Answer answer = RawBytes.exchange(
                gateway.port(),
                ("POST /v2/raw/a HTTP/1.0\r\nX-API-Key: " + key + "\r\nContent-Length: 5\r\n\r\nhello")
                        .getBytes(StandardCharsets.US_ASCII),
                "\r\n\r\nok",
                15_000);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(lower(only())).contains("\r\ncontent-length: 5\r\n").endsWith("\r\n\r\nhello");
    }
}
