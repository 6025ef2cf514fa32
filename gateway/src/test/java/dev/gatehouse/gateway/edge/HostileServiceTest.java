package dev.gatehouse.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.gateway.GatewayModule;
import dev.gatehouse.gateway.stub.RawService;
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

@DisplayName("A hostile service")
class HostileServiceTest {
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String GOOD = OK + "Content-Length: 4\r\n\r\ngood";
    /** What the first caller's answer holds; it must reach nobody else. */
    private static final String MARK = "MARK-OF-A";

    private static final Limits LIMITS = new Limits(1_000_000, 1_000_000, 1_000_000);
    private static final Map<String, Case> CASES = cases();

    private static Sandbox sandbox;
    private static RawService service;
    private static GatewayModule gateway;
    private static String b;

    /** @param status of A's answer. @param answer of the service, and what follows it unasked */
    private record Case(int status, String answer, String... later) {}

    private static Map<String, Case> cases() {
        Map<String, Case> c = new LinkedHashMap<>();
        String marked = OK + "X-Mark: " + MARK + "\r\nContent-Length: 9\r\n\r\n" + MARK;
        // answers in advance, and what comes behind the end
        for (int status : new int[] {100, 102, 103, 104, 199}) {
            c.put("answers " + status + " in advance", new Case(200, "HTTP/1.1 " + status + " X\r\n\r\n" + marked));
        }
        c.put("answers 101 unasked", new Case(502, "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n" + marked));
        c.put("answers twice", new Case(200, GOOD + marked));
        c.put("answers again while idle", new Case(200, GOOD, marked));
        c.put("answers 102 behind the end", new Case(200, GOOD + "HTTP/1.1 102 X\r\nX-Mark: " + MARK + "\r\n\r\n"));
        c.put("sends the beginning of an answer behind the end", new Case(200, GOOD + "HTTP/1.1 200 OK\r\nX: " + MARK));
        c.put("sends one octet while idle", new Case(200, GOOD, "H"));
        c.put("sends an empty line behind the end", new Case(200, GOOD + "\r\n"));
        // lengths
        c.put("sends more than it said", new Case(200, GOOD + MARK));
        c.put(
                "names both lengths",
                new Case(502, OK + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n" + MARK));
        c.put("names two lengths", new Case(502, OK + "Content-Length: 4\r\nContent-Length: 9\r\n\r\n" + MARK));
        c.put("names a length that is none", new Case(502, OK + "Content-Length: 4x\r\n\r\n" + MARK));
        c.put("sends a body with 204", new Case(204, "HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n" + MARK));
        c.put("sends a body with 304", new Case(304, "HTTP/1.1 304 Not\r\nContent-Length: 9\r\n\r\n" + MARK));
        // chunks
        String chunked = OK + "Transfer-Encoding: chunked\r\n\r\n";
        c.put("sends a chunk of 2^64", new Case(502, chunked + "10000000000000000\r\n" + marked));
        c.put("sends a chunk of 2^64 and 9", new Case(502, chunked + "10000000000000009\r\n" + MARK + "\r\n0\r\n\r\n"));
        c.put("sends a chunk of no size", new Case(502, chunked + "zz\r\n" + MARK));
        c.put("sends something behind the last chunk", new Case(200, chunked + "4\r\ngood\r\n0\r\n\r\n" + marked));
        // heads
        c.put("answers in HTTP/1.2", new Case(502, marked.replace("1.1", "1.2")));
        c.put("answers in no protocol", new Case(502, MARK + "\r\n\r\n"));
        c.put("answers 999", new Case(502, marked.replace("200", "999")));
        c.put("answers 99", new Case(502, marked.replace("200", "99")));
        c.put("folds a header", new Case(502, marked.replace("X-Mark: ", "X-Mark:\r\n ")));
        c.put("sends a null byte in a header", new Case(502, marked.replace("X-Mark: ", "X-Mark: \0")));
        c.put("ends its lines by line feeds", new Case(502, marked.replace("\r", "")));
        c.put("puts a space before a colon", new Case(502, marked.replace("X-Mark:", "X-Mark :")));
        return c;
    }

    @BeforeAll
    static void start() {
        sandbox = new Sandbox();
        service = new RawService(HostileServiceTest::answer);
        sandbox.directory.route(Sandbox.open("hostile", "/v2/hostile", service.url()));
        b = sandbox.directory.key(sandbox.directory.tenant("b", LIMITS));
        gateway = sandbox.clearHttp2("hostile");
        sandbox.synced(gateway);
    }

    private static void answer(RawService.Conversation with) throws IOException, InterruptedException {
        String target = with.target();
        int at = target.indexOf("?case=");
        if (at < 0) {
            with.send(with.head().startsWith("HEAD") ? OK + "Content-Length: 4\r\n\r\n" : GOOD);
            return;
        }
        Case chosen = CASES.values().stream()
                .skip(Integer.parseInt(target.substring(at + 6)))
                .findFirst()
                .orElseThrow();
        with.send(chosen.answer);
        for (String more : chosen.later) {
            // the answer is with its client by now
            Thread.sleep(100);
            with.send(more);
        }
    }

    @AfterAll
    static void stop() {
        service.close();
        sandbox.close();
    }

    @TestFactory
    @DisplayName("loses its connection, and nobody else hears of it, when it")
    Stream<DynamicTest> doubted() {
        int[] number = new int[1];
        return CASES.entrySet().stream().map(each -> {
            int n = number[0]++;
            return DynamicTest.dynamicTest(each.getKey(), () -> isContained(n, each.getValue()));
        });
    }

    private static void isContained(int number, Case each) throws IOException {
        int closed = service.closed();
        // a tenant for each: what one's calls break open is closed to that one for a while
        String a = sandbox.directory.key(sandbox.directory.tenant("a-" + number, LIMITS));
        sandbox.synced(gateway);
        RawBytes.Answer first = call(a, "/v2/hostile/" + number + "?case=" + number, "\r\n\r\n");
        assertThat(first.status()).as(first.text()).isEqualTo(each.status);
        await().untilAsserted(() -> assertThat(service.closed()).isEqualTo(closed + 1));
        for (int i = 0; i < 5; i++) {
            RawBytes.Answer next = call(b, "/v2/hostile/plain", "good");
            assertThat(next.status()).as(next.text()).isEqualTo(200);
            assertThat(next.text()).endsWith("good").doesNotContain(MARK);
        }
    }

    private static RawBytes.Answer call(String key, String target, String enough) throws IOException {
        return RawBytes.exchange(
                gateway.port(),
                ("GET " + target + " HTTP/1.1\r\nHost: a\r\nX-API-Key: " + key + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII),
                enough,
                10_000);
    }

    @Test
    @DisplayName("that is well keeps its connection, also after HEAD")
    void kept() throws IOException {
        call(b, "/v2/hostile/plain", "good");
        int before = service.connections();
        for (int i = 0; i < 20; i++) {
            assertThat(call(b, "/v2/hostile/plain", "good").status()).isEqualTo(200);
            assertThat(RawBytes.exchange(
                                    gateway.port(),
                                    ("HEAD /v2/hostile/plain HTTP/1.1\r\nHost: a\r\nX-API-Key: " + b + "\r\n\r\n")
                                            .getBytes(StandardCharsets.US_ASCII),
                                    "\r\n\r\n",
                                    10_000)
                            .text())
                    .containsIgnoringCase("content-length: 4\r\n");
        }
        assertThat(service.connections() - before)
                .as("new connections for 40 calls")
                .isLessThan(10);
    }
}
