package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.kernel.identity.CallerSeal;
import dev.gatehouse.kernel.identity.CallerSubject;
import dev.gatehouse.kernel.identity.CallerToken;
import dev.gatehouse.kernel.identity.SealedCall;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.plan.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The sample of a service of one's own")
class OwnServiceSampleTest {
    private static final Path FOLDER = Path.of("../docs/samples/own-service");
    private static final String ROUTE = "quotes";

    @Test
    @DisplayName("in Java knows its caller through the gateway, and refuses everybody else")
    void java() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        check(List.of(java.toString(), FOLDER.resolve("OwnService.java").toString()));
    }

    @Test
    @DisplayName("in Python knows its caller through the gateway, and refuses everybody else")
    void python() throws Exception {
        Path python = Path.of("/usr/bin/python3");
        assumeThat(Files.isExecutable(python)).as("there is a Python 3").isTrue();
        check(List.of(python.toString(), FOLDER.resolve("own_service.py").toString()));
    }

    private static void check(List<String> program) throws Exception {
        int port = freePort();
        try (Sandbox sandbox = new Sandbox()) {
            String secret = sandbox.secrets.routeSecret(ROUTE, "rks_1");
            ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(program));
            builder.command().addAll(List.of(ROUTE, Integer.toString(port)));
            builder.environment().put("GATEHOUSE_ROUTE_SECRET", secret);
            Process service = builder.inheritIO().start();
            try {
                await().atMost(Duration.ofSeconds(30)).until(() -> listens(port));
                String target = "http://127.0.0.1:" + port;
                sandbox.directory.route(
                        Sandbox.open(ROUTE, "/v1/quotes", target).with(0, "rks_1"));
                String key =
                        sandbox.directory.key(sandbox.directory.tenant("acme-corp", new Limits(10_000, 6_000, 600)));
                GatewayModule gateway = sandbox.gateway("sample");
                for (String path : List.of("/v1/quotes", "/v1/quotes/a%20b?q=%C3%A9&x=1,2&x=3")) {
                    HttpResponse<String> answer = sandbox.get(gateway, key, path);
                    assertThat(answer.body()).as(path).isEqualTo("Hello, acme-corp.\n");
                }
                direct(sandbox, target, secret);
            } finally {
                service.destroy();
                service.waitFor();
            }
        }
    }

    private static void direct(Sandbox sandbox, String service, String secret) {
        SealedCall call = new SealedCall("GET", "/v1/quotes?a=1");
        CallerToken right = new CallerToken(ROUTE, "rks_1", secret);
        long now = Instant.now().getEpochSecond();
        assertThat(status(sandbox, service, token(right, now, call))).isEqualTo(200);
        assertThat(status(sandbox, service)).as("no token").isEqualTo(401);
        assertThat(status(sandbox, service, token(right, now, call), token(right, now, call)))
                .as("two tokens")
                .isEqualTo(401);
        assertThat(status(sandbox, service, token(right, now - 40, call)))
                .as("too old")
                .isEqualTo(401);
        assertThat(status(sandbox, service, token(right, now + 20, call)))
                .as("from the future")
                .isEqualTo(401);
        for (SealedCall other : List.of(
                new SealedCall("POST", call.target()),
                new SealedCall("GET", "/v1/quotes"),
                new SealedCall("GET", "/v1/quotes?a=2"))) {
            assertThat(status(sandbox, service, token(right, now, other)))
                    .as(other.toString())
                    .isEqualTo(401);
        }
        CallerToken otherRoute = new CallerToken("listings", "rks_1", secret);
        assertThat(status(sandbox, service, token(otherRoute, now, call)))
                .as("for another route")
                .isEqualTo(401);
        CallerToken otherSecret = new CallerToken(ROUTE, "rks_1", sandbox.secrets.routeSecret(ROUTE, "rks_2"));
        assertThat(status(sandbox, service, token(otherSecret, now, call)))
                .as("under another secret")
                .isEqualTo(401);
        String[] part = token(right, now, call).split("\\.", -1);
        for (String odd : List.of(
                "eyJhbGciOiJub25lIn0." + part[1] + ".",
                part[0] + "." + part[1] + ".",
                part[0] + "." + part[1] + ".%",
                "..",
                "a.b",
                part[0] + "." + part[2] + "." + part[1],
                "x".repeat(9_000))) {
            assertThat(status(sandbox, service, odd)).as(odd).isEqualTo(401);
        }
    }

    private static String token(CallerToken seal, long issuedAt, SealedCall call) {
        InstantSource clock = InstantSource.system();
        CallerSubject subject = CallerSubject.of(new CallerIdentity(
                TenantId.next(clock),
                "acme-corp",
                "growth",
                KeyId.next(clock),
                KeyMode.LIVE,
                Set.of("*"),
                Set.of("*"),
                "req_1",
                clock.instant()));
        return seal.seal(subject, "req_1", issuedAt, call);
    }

    private static int status(Sandbox sandbox, String service, String... tokens) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(service + "/v1/quotes?a=1"));
        for (String token : tokens) {
            request.header(CallerSeal.HEADER, token);
        }
        return sandbox.send(request).statusCode();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
