package dev.gatehouse.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.runtime.http.OwnHosts.Verdict;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A server that answers to its own hosts only")
class OwnHostsTest {
    private static final OwnHosts HOSTS = OwnHosts.of(List.of("portal.example", "192.0.2.7", "2001:db8::7"));

    private final Vertx vertx = Vertx.vertx();

    @SuppressWarnings("NullAway.Init")
    private WebServer server;

    @BeforeEach
    void start() throws Exception {
        Router router = new Router().get("/", request -> Response.text(200, "in"));
        server = WebServer.start(
                vertx,
                WebServer.Options.loopback("test").answeringTo(HOSTS).behind(head -> {
                    if (head.header("authorization").isEmpty()) {
                        throw new ProblemException(ProblemCode.TOKEN_MISSING, "no");
                    }
                }),
                router,
                null,
                InstantSource.system());
    }

    @AfterEach
    void stop() {
        server.close();
        vertx.close();
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, OWN",
        "LOCALHOST:8084, OWN",
        "127.0.0.1:8084, OWN",
        "127.9.9.9, OWN",
        "[::1]:8084, OWN",
        "portal.example, OWN",
        "Portal.Example.:443, OWN",
        "192.0.2.7:80, OWN",
        "[2001:db8::7], OWN",
        "[2001:db8:0::7]:1, OWN",
        "198.51.100.4:8084, OWN",
        "attacker.example, FOREIGN",
        "attacker.example:8084, FOREIGN",
        "portal.example.attacker.example, FOREIGN",
        "localhost.attacker.example, FOREIGN",
        "127.0.0.1.attacker.example, FOREIGN",
        "a.localhost, FOREIGN",
        "192.0.2.8, FOREIGN",
        "[2001:db8::8], FOREIGN",
        "[::ffff:127.0.0.1], FOREIGN",
        "'', MALFORMED",
        "':8084', MALFORMED",
        "localhost:, MALFORMED",
        "localhost:x, MALFORMED",
        "localhost:1:2, MALFORMED",
        "127.1, MALFORMED",
        "0x7f000001, MALFORMED",
        "user@localhost, MALFORMED",
        "localhost/x, MALFORMED",
        "loc%61lhost, MALFORMED"
    })
    @DisplayName("knows loopback, its names, and the address of the connection")
    void verdicts(String host, Verdict verdict) {
        assertThat(HOSTS.check(List.of(host), "198.51.100.4")).isEqualTo(verdict);
    }

    @Test
    @DisplayName("is not fooled by one good host beside another")
    void several() {
        assertThat(HOSTS.check(List.of("localhost", "attacker.example"), null)).isEqualTo(Verdict.FOREIGN);
        assertThat(HOSTS.check(List.of("attacker.example", "localhost"), null)).isEqualTo(Verdict.FOREIGN);
        assertThat(HOSTS.check(List.of(), null)).isEqualTo(Verdict.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: attacker.example\r\n",
                "GET http://attacker.example/ HTTP/1.1\r\nHost: localhost\r\n",
                "GET /nothing HTTP/1.1\r\nHost: attacker.example:8084\r\nAuthorization: Bearer x\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: attacker.example\r\nAuthorization: Bearer x\r\n"
            })
    @DisplayName("answers 421 to another host, before it looks at a token")
    void foreign(String head) throws Exception {
        assertThat(answer(head)).startsWith("HTTP/1.1 421 ").contains("misdirected");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n",
                "GET / HTTP/1.1\r\nHost: localhost\r\nHost: attacker.example\r\n",
                "GET / HTTP/1.1\r\nHost: \r\n",
                "GET / HTTP/1.1\r\n",
                "GET / HTTP/1.0\r\n"
            })
    @DisplayName("answers 400 to no host, and to two")
    void malformed(String head) throws Exception {
        assertThat(answer(head)).startsWith("HTTP/1.").contains(" 400 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\nHost: localhost\r\n",
                "GET /nothing HTTP/1.1\r\nHost: localhost\r\n",
                "BREW / HTTP/1.1\r\nHost: localhost\r\n",
                "GET /?a=%zz HTTP/1.1\r\nHost: localhost\r\n",
                "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4000000000\r\nContent-Type: application/json\r\n",
                "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Type: nonsense\r\n"
            })
    @DisplayName("answers 401 before anything of a request is looked at, without waiting for its body")
    void unauthenticated(String head) throws Exception {
        assertThat(answer(head)).startsWith("HTTP/1.1 401 ").containsIgnoringCase("www-authenticate: Bearer");
    }

    @Test
    @DisplayName("lets in who names it and has the token")
    void in() throws Exception {
        assertThat(answer("GET / HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\n"))
                .startsWith("HTTP/1.1 200 ");
        assertThat(answer("GET /?a=%zz HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer x\r\n"))
                .startsWith("HTTP/1.1 400 ");
    }

    /** What comes back up to the end of its first body. */
    private String answer(String head) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write((head + "\r\n").getBytes(StandardCharsets.US_ASCII));
            byte[] buffer = new byte[8192];
            int length = 0;
            while (length < buffer.length) {
                int read = socket.getInputStream().read(buffer, length, buffer.length - length);
                if (read < 0) {
                    break;
                }
                length += read;
                String text = new String(buffer, 0, length, StandardCharsets.UTF_8);
                if (text.contains("\r\n\r\n") && (text.endsWith("}") || text.endsWith("in"))) {
                    break;
                }
            }
            return new String(buffer, 0, length, StandardCharsets.UTF_8);
        }
    }
}
