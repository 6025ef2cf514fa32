package dev.gatehouse.app.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.app.listen.SignatureCheck.Headers;
import dev.gatehouse.app.listen.SignatureCheck.Verdict;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.http.WebServer;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The receiver for trials")
class ListenerTest {
    /** The vector that the Standard Webhooks libraries are tested with. */
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static final Instant SENT = Instant.ofEpochSecond(1_614_265_330);
    private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);
    private static final String GOOD = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";

    private final SignatureCheck check = new SignatureCheck(SECRET);

    @Test
    @DisplayName("accepts the published example, alone and among others")
    void accepts() {
        assertThat(verdict(GOOD, SENT)).isEqualTo(new Verdict.Holds());
        assertThat(verdict("v1a,abc v1,AAAA " + GOOD, SENT)).isEqualTo(new Verdict.Holds());
    }

    @Test
    @DisplayName("verifies with a public key what was signed with its other half, and nothing else")
    void publicKey() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] encoded = pair.getPublic().getEncoded();
        byte[] key = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        Signature signing = Signature.getInstance("Ed25519");
        signing.initSign(pair.getPrivate());
        signing.update((ID + ".1614265330.").getBytes(StandardCharsets.UTF_8));
        signing.update(BODY);
        String signature = "v1a," + Base64.getEncoder().encodeToString(signing.sign());
        SignatureCheck open = new SignatureCheck("whpk_" + Base64.getEncoder().encodeToString(key));
        assertThat(open.verify(new Headers(ID, "1614265330", GOOD + " " + signature), BODY, SENT))
                .isEqualTo(new Verdict.Holds());
        assertThat(open.verify(new Headers("msg_other", "1614265330", signature), BODY, SENT))
                .isInstanceOf(Verdict.Fails.class);
        assertThat(open.verify(new Headers(ID, "1614265330", "v1a,AAAA v1a,*"), BODY, SENT))
                .isInstanceOf(Verdict.Fails.class);
        assertThatThrownBy(() -> new SignatureCheck("whpk_AAAA")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("refuses another signature, another version and an old timestamp")
    void refuses() {
        assertThat(verdict("v1,AAAA", SENT)).isInstanceOf(Verdict.Fails.class);
        assertThat(verdict(GOOD.replace("v1,", "v2,"), SENT)).isInstanceOf(Verdict.Fails.class);
        assertThat(verdict("", SENT)).isInstanceOf(Verdict.Fails.class);
        assertThat(verdict(GOOD, SENT.plusSeconds(301))).isInstanceOf(Verdict.Fails.class);
        assertThat(check.verify(new Headers(ID, "soon", GOOD), BODY, SENT)).isInstanceOf(Verdict.Fails.class);
    }

    @Test
    @DisplayName("prints what arrives and whether its signature holds, without control characters")
    void prints() throws Exception {
        List<String> said = new CopyOnWriteArrayList<>();
        Vertx vertx = Vertx.vertx();
        try (Listener listener = new Listener(vertx, 0, () -> Optional.of(check), () -> SENT, said::add)) {
            int status = post(HttpRequest.newBuilder(listener.uri().resolve("/hooks"))
                    .header("webhook-id", ID)
                    .header("webhook-timestamp", "1614265330")
                    .header("webhook-signature", GOOD)
                    .POST(HttpRequest.BodyPublishers.ofByteArray(BODY))
                    .build());
            assertThat(status).isEqualTo(204);
            assertThat(said).containsExactly("POST /hooks " + ID + "  signature holds", "  {\"test\": 2432232314}");
            int refused = post(HttpRequest.newBuilder(listener.uri())
                    .POST(HttpRequest.BodyPublishers.ofString("\u001b[31mred"))
                    .build());
            assertThat(refused).isEqualTo(401);
            assertThat(said.get(2)).contains("SIGNATURE FAILS");
            assertThat(said.get(3)).isEqualTo("   [31mred");
        } finally {
            vertx.close();
        }
    }

    private static int post(HttpRequest request) throws Exception {
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private Verdict verdict(String signatures, Instant now) {
        return check.verify(new Headers(ID, "1614265330", signatures), BODY, now);
    }

    @Test
    @DisplayName("makes an endpoint for itself with a key, learns its secret, and takes it away in the end")
    void endpointOfItsOwn() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        Vertx vertx = Vertx.vertx();
        try (WebServer api = WebServer.start(
                vertx,
                WebServer.Options.loopback("api"),
                request -> {
                    asked.add(request.method() + " " + request.path() + " "
                            + request.header("authorization").orElse("") + " "
                            + new String(request.bytes(), StandardCharsets.UTF_8));
                    return switch (request.method()) {
                        case "POST" ->
                            Response.json(
                                    request.path().endsWith("/test") ? 202 : 201,
                                    Map.of("data", Map.of("id", "whe_1", "secret", SECRET), "meta", Map.of()));
                        case "DELETE" -> Response.noContent();
                        default -> Response.text(405, "no");
                    };
                },
                null,
                () -> SENT)) {
            try (TrialEndpoint made = TrialEndpoint.make(
                    vertx, api.uri(), "gate_test_k", URI.create("http://127.0.0.1:9000/"), List.of("sale.recorded"))) {
                assertThat(made.check().verify(new Headers(ID, "1614265330", GOOD), BODY, SENT))
                        .isEqualTo(new Verdict.Holds());
                made.sendTest("sale.recorded");
            }
            assertThat(asked).hasSize(3);
            assertThat(asked.getFirst())
                    .startsWith("POST /v2/webhooks/endpoints Bearer gate_test_k ")
                    .contains("\"url\":\"http://127.0.0.1:9000/\"", "\"eventTypes\":[\"sale.recorded\"]");
            assertThat(asked.get(1))
                    .startsWith("POST /v2/webhooks/endpoints/whe_1/test ")
                    .contains("{\"type\":\"sale.recorded\"}");
            assertThat(asked.get(2)).startsWith("DELETE /v2/webhooks/endpoints/whe_1 ");
        } finally {
            vertx.close();
        }
    }
}
