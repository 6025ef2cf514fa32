package dev.gatehouse.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.GatewayModule;
import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.plan.Limits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

@DisplayName("Raw bytes at the edge")
class RawCorpusTest {
    private static final int PATIENCE_MILLIS = 15_000;

    private static Sandbox sandbox;
    private static GatewayModule gateway;
    private static GatewayModule both;
    private static String head;

    @BeforeAll
    static void start() {
        sandbox = new Sandbox();
        gateway = sandbox.gateway("corpus");
        both = sandbox.clearHttp2("corpus-both");
        String key =
                sandbox.directory.key(sandbox.directory.tenant("corpus", new Limits(1_000_000, 1_000_000, 1_000_000)));
        head = "Host: api.example\r\nX-API-Key: " + key + "\r\n";
        sandbox.synced(gateway);
        sandbox.synced(both);
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    /** What is answered with a 4xx of ours or by closing the connection, and never seen by a service. */
    private static Map<String, String> attacks() {
        Map<String, String> c = new LinkedHashMap<>();
        String get = "GET /v2/things/echo HTTP/1.1\r\n";
        String post = "POST /v2/things/echo HTTP/1.1\r\n" + head;
        String chunked = post + "Transfer-Encoding: chunked\r\n";
        String smuggled = "GET /v2/things/smuggled HTTP/1.1\r\n" + head + "\r\n";
        // lengths
        c.put("both lengths", chunked + "Content-Length: 4\r\n\r\n0\r\n\r\n" + smuggled);
        c.put(
                "both lengths, the other way round",
                post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled);
        c.put("two lengths", post + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde");
        c.put("a list of lengths", post + "Content-Length: 4, 5\r\n\r\nabcde");
        c.put("a length with a sign", post + "Content-Length: +4\r\n\r\nabcd");
        c.put("a negative length", post + "Content-Length: -4\r\n\r\nabcd");
        c.put("a hexadecimal length", post + "Content-Length: 0x4\r\n\r\nabcd");
        c.put("a length beyond 64 bits", post + "Content-Length: 99999999999999999999\r\n\r\nabcd");
        for (String version : new String[] {"1.0", "1.1"}) {
            String old = "POST /v2/things/echo HTTP/" + version + "\r\n" + head;
            String both = old + "Connection: keep-alive\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n";
            c.put("both lengths in HTTP/" + version + ", kept alive", both + "0\r\n\r\n" + smuggled);
            c.put("both lengths in HTTP/" + version + ", the body by length", both + "abcde" + smuggled);
        }
        c.put(
                "a transfer coding in HTTP/1.0, kept alive",
                "POST /v2/things/echo HTTP/1.0\r\n" + head
                        + "Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + smuggled);
        c.put(
                "a transfer coding that is none in HTTP/1.0",
                "GET /v2/things/echo HTTP/1.0\r\n" + head
                        + "Connection: keep-alive\r\nTransfer-Encoding: identity\r\n\r\n" + smuggled);
        // transfer codings
        c.put("an unknown coding", post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + smuggled);
        c.put("identity, then chunked", post + "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n");
        c.put("chunked that is not the last", post + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n");
        c.put("two codings", chunked + "Transfer-Encoding: identity\r\n\r\n0\r\n\r\n");
        c.put("a space before the colon", post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n");
        c.put(
                "a vertical tab before the coding",
                post + "Transfer-Encoding: \u000bchunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n");
        c.put(
                "chunked in HTTP/1.0",
                "POST /v2/things/echo HTTP/1.0\r\n" + head + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        // lines
        c.put("a folded header", get + head + "X-A: b\r\n c\r\n\r\n");
        c.put("a folded coding", post + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n");
        c.put("a fold by a tab", get + head + "X-A: b\r\n\tc\r\n\r\n");
        c.put("bare line feeds", (get + head + "\r\n").replace("\r", ""));
        c.put("a bare carriage return", get + head + "X-A: b\rX-B: c\r\n\r\n");
        c.put("a null byte in a header", get + head + "X-A: b\0c\r\n\r\n");
        c.put("a space in a name", get + head + "X A: b\r\n\r\n");
        c.put("a line without a colon", get + head + "Xabc\r\n\r\n");
        c.put("white space before the first header", get + " X: y\r\n" + head + "\r\n");
        // chunks
        c.put("a chunk size that is none", chunked + "\r\nzz\r\nabc\r\n0\r\n\r\n");
        c.put("a negative chunk size", chunked + "\r\n-1\r\nabc\r\n0\r\n\r\n");
        c.put("a chunk size beyond 64 bits", chunked + "\r\nfffffffffffffffff\r\nabc\r\n0\r\n\r\n");
        c.put("a chunk size with a prefix", chunked + "\r\n0x3\r\nabc\r\n0\r\n\r\n");
        c.put("a chunk longer than it says", chunked + "\r\n3\r\nabcX0\r\n\r\n");
        c.put("chunks ended by line feeds", chunked + "\r\n3\nabc\n0\n\n");
        c.put("a line feed in a chunk's extension", chunked + "\r\n3;a\nb\r\nabc\r\n0\r\n\r\n");
        for (String size : new String[] {
            "100000000",
            "ffffffff00000000",
            "10000000000000000",
            "80000000",
            "7fffffff0",
            "100000000000000000000000000000000",
            "00000000000000000000000000000000000000000000000000000",
            "+5",
            "5 ",
            " 5",
            "5_",
            "5,5",
            ""
        }) {
            c.put("a chunk of size " + size, chunked + "\r\n" + size + "\r\n\r\n" + smuggled);
        }
        c.put("an endless chunk extension", chunked + "\r\n" + ("1;" + "x".repeat(2_000) + "\r\na\r\n").repeat(4));
        c.put("a null byte in a chunk's extension", chunked + "\r\n1;a\0b\r\nx\r\n0\r\n\r\n");
        c.put("a bare carriage return in a chunk's extension", chunked + "\r\n1;a\rb\r\nx\r\n0\r\n\r\n");
        c.put("endless trailers", chunked + "\r\n0\r\n" + "X-A: b\r\n".repeat(3_000) + "\r\n");
        c.put("a folded trailer", chunked + "\r\n0\r\nX-A: b\r\n c\r\n\r\n" + smuggled);
        c.put("a trailer without a colon", chunked + "\r\n0\r\nabc\r\n\r\n");
        c.put("a null byte in a trailer", chunked + "\r\n0\r\nX-A: \0\r\n\r\n");
        c.put("a space in a trailer's name", chunked + "\r\n0\r\nX A: b\r\n\r\n");
        // the list of Connection
        for (String named : new String[] {
            "content-length",
            "Content_Length",
            "transfer-encoding",
            "host",
            "Gatehouse-Caller",
            "X-Request-ID",
            "X-Forwarded-For",
            "content-type",
            "authorization",
            "x-api-key",
            "close, Content-Length",
            "a b",
            "\"x\""
        }) {
            c.put("Connection: " + named, post + "Connection: " + named + "\r\nContent-Length: 4\r\n\r\nabcd");
            c.put(
                    "a second line of Connection: " + named,
                    post + "Connection: keep-alive\r\nConnection: " + named + "\r\nContent-Length: 4\r\n\r\nabcd");
        }
        // names and values
        for (String line : new String[] {
            "X(A): b", "X\u00e4: b", "X\u007f: b", ": b", "X\"A: b", "X,A: b", "X/A: b", "X-A: b\u0001c", "X-A: b\u007f"
        }) {
            c.put("the header " + line, get + head + line + "\r\n\r\n");
        }
        c.put("two keys", get + head + "X-API-Key: other\r\n\r\n");
        c.put("two authorizations", get + head + "Authorization: a\r\nAuthorization: b\r\n\r\n");
        c.put(
                "another host in the request line",
                "GET http://other.example/v2/things/echo HTTP/1.1\r\n" + head + "\r\n");
        for (String method : new String[] {"TRACE", "CONNECT", "FOO", "PROPFIND", "PRI", "get", "QUERY"}) {
            c.put("the method " + method, method + " /v2/things/echo HTTP/1.1\r\n" + head + "\r\n");
        }
        // request line
        c.put("no version", "GET /v2/things/echo\r\n\r\n");
        c.put("HTTP/1.9", "GET /v2/things/echo HTTP/1.9\r\n" + head + "\r\n");
        c.put("HTTP/2.0 in words", "GET /v2/things/echo HTTP/2.0\r\n" + head + "\r\n");
        c.put("a version in small letters", "GET /v2/things/echo http/1.1\r\n" + head + "\r\n");
        c.put("an old version with one small letter", "GET /v2/things/echo HTtP/1.0\r\n" + head + "\r\n");
        c.put("a version with more digits", "GET /v2/things/echo HTTP/01.1\r\n" + head + "\r\n");
        c.put("another protocol", "GET /v2/things/echo HTTX/1.1\r\n" + head + "\r\n");
        c.put("a method that is no token", "GE(T /v2/things/echo HTTP/1.1\r\n" + head + "\r\n");
        c.put("a null byte in the method", "GET\0 /v2/things/echo HTTP/1.1\r\n" + head + "\r\n");
        c.put("CONNECT", "CONNECT inside:443 HTTP/1.1\r\n" + head + "\r\n");
        c.put("a space in the target", "GET /v2/things/echo x HTTP/1.1\r\n" + head + "\r\n");
        c.put("a tab in the target", "GET /v2/things/echo\tx HTTP/1.1\r\n" + head + "\r\n");
        c.put("a null byte in the path", "GET /v2/things/ec\0ho HTTP/1.1\r\n" + head + "\r\n");
        c.put("a control character in the query", "GET /v2/things/echo?a=\u0001 HTTP/1.1\r\n" + head + "\r\n");
        c.put("a fragment", "GET /v2/things/echo?a=b#c HTTP/1.1\r\n" + head + "\r\n");
        // paths
        for (String path : new String[] {
            "/v2/things/../echo",
            "/v2/things/./echo",
            "/v2//things/echo",
            "/v2/things/%2e%2e/echo",
            "/v2/things/.%2E/echo",
            "/v2/things%2fecho",
            "/v2/things/%5c..%5cecho",
            "/v2/things/%00",
            "/v2/things/ec%0d%0aho",
            "/v2/things/%zz",
            "/v2/things/%c0%ae%c0%ae/echo",
            "/v2/things\\echo",
            "/v2/things/echo;a=b",
            "/v2/things;x/echo",
            "/v2/things/echo%3bx",
            "/v2/things/%2565cho"
        }) {
            c.put("the path " + path, "GET " + path + " HTTP/1.1\r\n" + head + "\r\n");
        }
        // hosts
        c.put("no host", get + head.substring(head.indexOf('\n') + 1) + "\r\n");
        c.put("two hosts", get + "Host: other.example\r\n" + head + "\r\n");
        c.put("a host that is none", get + head.replace("api.example", "a/b@c") + "\r\n");
        for (String host : new String[] {"a:b", "a:99999999", "a:1:2", "[::1", "a]", ":80"}) {
            c.put("the host " + host, get + head.replace("api.example", host) + "\r\n");
        }
        // sizes
        c.put("a target of 9,000 bytes", "GET /v2/things/" + "a".repeat(9_000) + " HTTP/1.1\r\n" + head + "\r\n");
        c.put("a header of 20,000 bytes", get + head + "X-A: " + "a".repeat(20_000) + "\r\n\r\n");
        c.put("5,000 headers", get + head + "X-A: b\r\n".repeat(5_000) + "\r\n");
        c.put("a body beyond the limit", post + "Content-Length: 99999999\r\n\r\n");
        // other protocols
        c.put("a TLS greeting", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003aaaaaaaaaaaaa\r\n\r\n");
        c.put("a broken HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n");
        return c;
    }

    @TestFactory
    @DisplayName("reach no service when they are")
    Stream<DynamicTest> refused() {
        return attacks().entrySet().stream()
                .map(attack ->
                        DynamicTest.dynamicTest(attack.getKey(), () -> isRefused(gateway.port(), attack.getValue())));
    }

    @TestFactory
    @DisplayName(
            "reach no service either where HTTP/2 is spoken in the clear too: the first request is read as strictly")
    Stream<DynamicTest> refusedBesideHttp2() {
        return attacks().entrySet().stream()
                .map(attack ->
                        DynamicTest.dynamicTest(attack.getKey(), () -> isRefused(both.port(), attack.getValue())));
    }

    @Test
    @DisplayName("that offer to go on with HTTP/2 are answered as if they had not")
    void upgrade() throws IOException {
        RawBytes.Answer answer = RawBytes.exchange(
                both.port(),
                ("GET /v2/things/echo HTTP/1.1\r\n" + head
                                + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n")
                        .getBytes(StandardCharsets.ISO_8859_1),
                "\"bodyBytes\":",
                PATIENCE_MILLIS);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.text()).doesNotContain("AAMAAABk");
    }

    private static void isRefused(int port, String attack) throws IOException {
        int before = sandbox.service.calls();
        // where framing is in doubt the connection ends too; a request that is merely refused may keep it
        boolean inDoubt = attack.contains("Transfer-Encoding") || attack.contains("smuggled");
        RawBytes.Answer answer = RawBytes.exchange(
                port, attack.getBytes(StandardCharsets.ISO_8859_1), inDoubt ? "" : "\"code\"", PATIENCE_MILLIS);
        assertThat(answer.closed() || !inDoubt)
                .as("closed after %s", answer.text())
                .isTrue();
        assertThat(answer.status() == 0 ? 400 : answer.status())
                .as(answer.text())
                .isBetween(400, 499);
        assertThat(answer.status() != 0 || answer.closed())
                .as("an answer or a closed connection")
                .isTrue();
        // whatever came behind is not taken for another request
        assertThat(answer.answers()).as(answer.text()).isLessThanOrEqualTo(1);
        assertThat(sandbox.service.calls()).as("calls that reached the service").isEqualTo(before);
    }

    @Test
    @DisplayName("that are a request reach it: absolute form, a body in pieces, one request behind another")
    void served() throws IOException {
        String echo = "\"bodyBytes\":";
        assertThat(send("GET http://API.example/v2/th%69ngs/%65cho?%61=b HTTP/1.1\r\n" + head + "\r\n", echo)
                        .text())
                .contains("\"uri\":\"/v2/things/echo?a=b\"")
                .contains("\"x-forwarded-host\":\"api.example\"");
        assertThat(send(
                                "POST /v2/things/echo HTTP/1.1\r\n" + head
                                        + "Transfer-Encoding: CHUNKED\r\n\r\n3;name=value\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: x\r\n\r\n",
                                echo)
                        .text())
                .contains("\"bodyBytes\":5");
        RawBytes.Answer two = send(
                "GET /v2/things/echo HTTP/1.1\r\n" + head + "\r\n" + "GET /v2/things/second HTTP/1.1\r\n" + head
                        + "\r\n",
                "\"uri\":\"/v2/things/second\"");
        assertThat(two.answers()).isEqualTo(2);
    }

    @Test
    @DisplayName(
            "that want to be our headers are stripped before the service, and a service's secrets before the client")
    void headers() throws IOException {
        RawBytes.Answer answer = send(
                "GET /v2/things/echo HTTP/1.1\r\n" + head
                        + "Gatehouse-Caller: forged\r\nX-RateLimit-Tenant: forged\r\nX-Forwarded-For: 10.0.0.1\r\n"
                        + "X-Real-IP: 10.0.0.1\r\nForwarded: for=10.0.0.1\r\nConnection: X-Hop\r\nX-Hop: forged\r\n"
                        + "Proxy-Authorization: forged\r\nTE: trailers\r\nX-Request-ID: a\u00e4b\r\n\r\n",
                "\"bodyBytes\":");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).doesNotContain("forged", "10.0.0.1", "gate_live_", "Gatehouse-Inner", "a\u00e4b");
    }

    @Test
    @DisplayName("that are a compressed bomb pass as they are: the gateway unpacks nothing")
    void compressed() throws IOException {
        String bomb = "\u001f\u008b\b\0\0\0\0\0\0\u0003" + "\0".repeat(2_000);
        RawBytes.Answer answer = send(
                "POST /v2/things/echo HTTP/1.1\r\n" + head + "Content-Encoding: gzip\r\nContent-Length: "
                        + bomb.length() + "\r\n\r\n" + bomb,
                "\"bodyBytes\":");
        assertThat(answer.text()).contains("\"bodyBytes\":" + bomb.length()).contains("\"content-encoding\":\"gzip\"");
    }

    private static RawBytes.Answer send(String text, String enough) throws IOException {
        return RawBytes.exchange(gateway.port(), text.getBytes(StandardCharsets.ISO_8859_1), enough, PATIENCE_MILLIS);
    }
}
