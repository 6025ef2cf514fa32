package dev.gatehouse.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The target of a request")
class RequestTargetTest {
    private static RequestTarget.Normal normal(String raw) {
        assertThat(RequestTarget.of(raw)).as(raw).isInstanceOf(RequestTarget.Normal.class);
        return (RequestTarget.Normal) RequestTarget.of(raw);
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "/v1/rep/%65xport, /v1/rep/export",
        "/v1/rep/%45xport, /v1/rep/Export",
        "/v1/%72%65%70/export, /v1/rep/export",
        "/v1/a%7eb%2Dc%2ed%5fe, /v1/a~b-c.d_e",
        "/v1/zip%3a43604, /v1/zip:43604",
        "/v1/a%40b%21%24%26%27%28%29%2a%3d, /v1/a@b!$&'()*=",
        "/v1/%c3%a4, /v1/%C3%A4",
        "/v1/%C3%A4, /v1/%C3%A4",
        "/v1/a%20b, /v1/a%20b",
        "/v1/a+b, /v1/a%2Bb",
        "/v1/a%2bb, /v1/a%2Bb",
        "/v1/100%25, /v1/100%25",
        "/v1/a{b}|^`\"<>c, /v1/a%7Bb%7D%7C%5E%60%22%3C%3Ec",
        "/v1/[x], /v1/%5Bx%5D",
        "/v1/rep/, /v1/rep/",
        "/v1/.../x, /v1/.../x",
        "/, /"
    })
    @DisplayName(
            "has a path whose characters stand for themselves where they may, and are escaped in one way where not")
    void path(String raw, String expected) {
        assertThat(normal(raw).path()).isEqualTo(expected);
    }

    @ParameterizedTest(name = "\"{0}\"")
    @ValueSource(
            strings = {
                "/v1/rep/export;a",
                "/v1/rep;a=b/export",
                "/v1/rep/;",
                "/v1/rep/export%3Ba",
                "/v1/rep/export%3ba",
                "/v1//rep",
                "//v1",
                "/v1/./rep",
                "/v1/../rep",
                "/v1/.",
                "/v1/..",
                "/v1/%2e",
                "/v1/%2E%2e/rep",
                "/v1/.%2e",
                "/v1/a%2fb",
                "/v1/a%5cb",
                "/v1/a\\b",
                "/v1/a%00",
                "/v1/a%0d%0ab",
                "/v1/a%7f",
                "/v1/a%c2%85b",
                "/v1/%c0%ae",
                "/v1/%ff",
                "/v1/%c3",
                "/v1/%c3/%a4",
                "/v1/%",
                "/v1/%4",
                "/v1/%zz",
                "/v1/%4\u0661",
                "/v1/rep/%2565xport",
                "/v1/rep/%25%36%35xport",
                "/v1/a b",
                "/v1/\u00e4",
                "/v1/a#b",
                "/v1/a?b#c",
                "/v1/a?b c",
                "/v1/a?\u0001",
                "/v1/a?b=%",
                "/v1/a?b=%4g",
                "",
                "*",
                "v1/rep",
                "inside:443",
                "ftp://host/v1",
                "?a=b"
            })
    @DisplayName("has no normal form when servers are known to read it differently")
    void malformed(String raw) {
        assertThat(RequestTarget.of(raw)).isInstanceOf(RequestTarget.Malformed.class);
    }

    @Test
    @DisplayName("has a query in which only what needs no escape is decoded")
    void query() {
        assertThat(normal("/v1?s%65lect=a%2cb&q=a+b%20c%26d").query()).isEqualTo("select=a%2Cb&q=a+b%20c%26d");
        assertThat(normal("/v1?").query()).isEmpty();
        assertThat(normal("/v1").query()).isNull();
    }

    @Test
    @DisplayName("may come in the absolute form, whose host is kept")
    void absolute() {
        assertThat(normal("HTTP://api.example:80/v1/%61?b"))
                .isEqualTo(new RequestTarget.Normal("/v1/a", "b", "api.example:80"));
        assertThat(normal("https://api.example?b")).isEqualTo(new RequestTarget.Normal("/", "b", "api.example"));
    }

    @Test
    @DisplayName("is in its normal form after one pass, never in another one after two, whatever was sent")
    void once() {
        long seed = System.nanoTime();
        SplittableRandom chance = new SplittableRandom(seed);
        String letters = "/aZ9-._~!$&'()*+,;=:@%25c3A4?#[]{}\\\"<>^`| \u00e4\0";
        int normal = 0;
        for (int i = 0; i < 200_000; i++) {
            StringBuilder raw = new StringBuilder("/");
            for (int n = chance.nextInt(12); n >= 0; n--) {
                raw.append(
                        chance.nextInt(3) == 0
                                ? "%%%02x".formatted(chance.nextInt(256))
                                : letters.substring(chance.nextInt(letters.length()))
                                        .substring(0, 1));
            }
            if (RequestTarget.of(raw.toString()) instanceof RequestTarget.Normal once) {
                normal++;
                String text = once.query() == null ? once.path() : once.path() + "?" + once.query();
                assertThat(RequestTarget.of(text)).as("seed %d, %s", seed, raw).isEqualTo(once);
                assertThat(text.getBytes(StandardCharsets.UTF_8))
                        .as("seed %d, %s", seed, raw)
                        .hasSize(text.length());
            }
        }
        assertThat(normal).as("targets that were normal, seed %d", seed).isGreaterThan(1_000);
    }
}
