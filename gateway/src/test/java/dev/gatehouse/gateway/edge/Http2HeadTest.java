package dev.gatehouse.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.GatewayModule;
import dev.gatehouse.gateway.GatewaySettings;
import dev.gatehouse.gateway.stub.CertificateFiles;
import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.plan.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The head of a request over HTTP/2")
class Http2HeadTest {
    private static final int PATIENCE_MILLIS = 8_000;
    private static final long PROTOCOL_ERROR = 1;

    @TempDir
    private static Path folder;

    private static Sandbox sandbox;
    private static GatewayModule clear;
    private static GatewayModule secure;
    private static String key;

    @BeforeAll
    static void start() throws Exception {
        sandbox = new Sandbox();
        GatewaySettings.Tls files = CertificateFiles.issue("edge", folder);
        clear = sandbox.clearHttp2("h2-clear");
        secure = sandbox.gateway(sandbox.settings("h2-secure", GatewaySettings.Edge.standard(), 1, files));
        key = sandbox.directory.key(sandbox.directory.tenant("h2", new Limits(1_000_000, 1_000_000, 1_000_000)));
        sandbox.synced(clear);
        sandbox.synced(secure);
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    private static String[] head(String... more) {
        List<String> fields = new ArrayList<>(List.of(
                ":method",
                "GET",
                ":scheme",
                "http",
                ":path",
                "/v2/things/echo",
                ":authority",
                "api.example",
                "x-api-key",
                key));
        fields.addAll(List.of(more));
        return fields.toArray(String[]::new);
    }

    /** A whole head with a value changed, or a field left out when the value is null. */
    private static String[] changed(String name, @Nullable String value) {
        List<String> fields = new ArrayList<>();
        String[] whole = head();
        for (int i = 0; i < whole.length; i += 2) {
            if (!whole[i].equals(name)) {
                fields.addAll(List.of(whole[i], whole[i + 1]));
            } else if (value != null) {
                fields.addAll(List.of(name, value));
            }
        }
        return fields.toArray(String[]::new);
    }

    private static Map<String, String[]> malformed() {
        Map<String, String[]> c = new LinkedHashMap<>();
        for (String name : new String[] {
            "x n",
            "x\tn",
            "x\rn",
            "x\nn",
            "x\0n",
            "x:n",
            "",
            " x",
            "x ",
            "X-Capital",
            "x-Capital",
            "x\u00e4",
            "x(n)",
            "x\u007fn",
            "x\"n",
            "x,n",
            "x/n",
            "x\r\nx-smuggled"
        }) {
            c.put("the name " + shown(name), head(name, "a"));
        }
        for (String value : new String[] {
            "a\rb", "a\nb", "a\0b", "a\r\nx-smuggled: b", "a\u0001b", "a\u007fb", " a", "a ", "\ta", "a\t", " ", "\n"
        }) {
            c.put("the value " + shown(value), head("x-a", value));
            c.put("the user agent " + shown(value), head("user-agent", value));
        }
        for (String name : new String[] {
            "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "http2-settings"
        }) {
            c.put("the header " + name, head(name, "chunked"));
        }
        c.put("te that is not trailers", head("te", "gzip"));
        for (String name : new String[] {":method", ":scheme", ":path", ":authority"}) {
            c.put("no " + name, changed(name, null));
            c.put("an empty " + name, changed(name, ""));
            c.put("a second " + name, head(name, "x"));
            c.put(
                    "the same " + name + " twice",
                    head(name, head()[List.of(head()).indexOf(name) + 1]));
            c.put("a control character in " + name, changed(name, "/a\r\nb"));
        }
        c.put("an unknown pseudo-header", head(":protocol", "websocket"));
        c.put("a pseudo-header of answers", head(":status", "200"));
        c.put("a bare colon", head(":", "a"));
        c.put("a method that is no token", changed(":method", "GE T"));
        c.put("a scheme of another kind", changed(":scheme", "file"));
        c.put("a scheme that holds a host", changed(":scheme", "http://inside/?"));
        c.put("a path without a slash", changed(":path", "v2/things/echo"));
        c.put("an absolute path", changed(":path", "http://other/v2/things/echo"));
        c.put("a star as path", changed(":path", "*"));
        c.put("a user in the host", changed(":authority", "user@api.example"));
        c.put("a path in the host", changed(":authority", "api.example/x"));
        c.put("another host", head("host", "other.example"));
        c.put("two hosts", head("host", "api.example", "host", "api.example"));
        c.put("a length that is no number", head("content-length", "four"));
        c.put("a length with a sign", head("content-length", "+4"));
        c.put("a negative length", head("content-length", "-4"));
        c.put("a length beyond 64 bits", head("content-length", "99999999999999999999"));
        c.put("two lengths", head("content-length", "4", "content-length", "5"));
        c.put("a list of lengths", head("content-length", "4, 5"));
        c.put("a length without a body", head("content-length", "4"));
        return c;
    }

    private static String shown(String text) {
        return text.isEmpty()
                ? "(empty)"
                : text.replace("\r", "\\r")
                        .replace("\n", "\\n")
                        .replace("\0", "\\0")
                        .replace("\u0001", "\\1")
                        .replace("\u007f", "\\7f")
                        .replace("\t", "\\t");
    }

    @TestFactory
    @DisplayName("ends its stream when it is malformed, in the clear and over TLS, and reaches no service")
    Stream<DynamicTest> refused() {
        return malformed().entrySet().stream()
                .flatMap(each -> Stream.of(false, true)
                        .map(tls -> DynamicTest.dynamicTest(
                                each.getKey() + (tls ? ", over TLS" : ", in the clear"),
                                () -> isRefused(each.getValue(), tls))));
    }

    private static void isRefused(String[] fields, boolean tls) throws Exception {
        int before = sandbox.service.calls();
        try (RawHttp2 client = connect(tls)) {
            RawHttp2.End end = client.end(client.send(fields, null));
            assertThat(end.status() >= 400 && end.status() < 500 || end.reset() == PROTOCOL_ERROR)
                    .as("%s", end)
                    .isTrue();
            assertThat(sandbox.service.calls())
                    .as("calls that reached the service")
                    .isEqualTo(before);
            // the fault was the stream's, so that the connection serves on
            RawHttp2.End good = client.end(client.send(head(), null));
            assertThat(good.status()).as("%s", good).isEqualTo(200);
        }
    }

    private static RawHttp2 connect(boolean tls) throws Exception {
        int port = tls ? secure.port() : clear.port();
        if (!tls) {
            return new RawHttp2(new Socket(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
        }
        SSLSocket socket = (SSLSocket)
                CertificateFiles.trustAny().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return new RawHttp2(socket, PATIENCE_MILLIS);
    }

    @Test
    @DisplayName("a hundred times malformed closes its own connection at most, and no service to anybody")
    void manyTimes() throws Exception {
        for (int connection = 0; connection < 4; connection++) {
            try (RawHttp2 client = connect(false)) {
                for (int i = 0; i < 25; i++) {
                    client.send(head("x n", "a"), null);
                }
                client.end(client.send(head(), null));
            }
        }
        assertThat(sandbox.get(clear, key, "/v2/things/echo").statusCode()).isEqualTo(200);
    }

    @Test
    @DisplayName("may come with trailers, which end at the edge; malformed ones end the stream")
    void trailers() throws IOException, Exception {
        try (RawHttp2 client = connect(false)) {
            String[] post = head();
            post[1] = "POST";
            int good = client.headers(post);
            client.trailers(good, new String[] {"x-checksum", "abc"});
            RawHttp2.End end = client.end(good);
            assertThat(end.status()).as("%s", end).isEqualTo(200);
            assertThat(end.text()).doesNotContain("x-checksum");
            for (String name : new String[] {":path", "x n", "transfer-encoding"}) {
                int bad = client.headers(post);
                client.trailers(bad, new String[] {name, "/v2/things/other"});
                assertThat(client.end(bad).reset()).as(name).isEqualTo(PROTOCOL_ERROR);
            }
        }
    }

    @Test
    @DisplayName(
            "is limited and handed on as that of HTTP/1 is: its host, its cookies as one line, its target's length")
    void sameAsHttp1() throws Exception {
        try (RawHttp2 client = connect(false)) {
            RawHttp2.End good = client.end(client.send(
                    head("cookie", "a=b", "cookie", "c=d", "x_api_key", "theirs", "content_type", "theirs"), null));
            assertThat(good.text())
                    .contains("\"x-forwarded-host\":\"api.example\"", "\"cookie\":\"a=b; c=d\"")
                    .doesNotContain("theirs");
            RawHttp2.End encoded = client.end(client.send(changed(":path", "/v2/th%69ngs/%65cho?%61=b"), null));
            assertThat(encoded.text()).contains("\"uri\":\"/v2/things/echo?a=b\"");
            RawHttp2.End longTarget =
                    client.end(client.send(changed(":path", "/v2/things/" + "a".repeat(9_000)), null));
            assertThat(longTarget.status()).as("%s", longTarget).isEqualTo(414);
            for (String method : new String[] {"TRACE", "FOO", "PRI"}) {
                assertThat(client.end(client.send(changed(":method", method), null))
                                .status())
                        .as(method)
                        .isEqualTo(405);
            }
        }
    }
}
