package dev.gatehouse.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.directory.KeyEntry;
import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.identity.CallerSeal;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.runtime.http.CallerGuard;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.http.WebServer;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What a service is told of its caller")
class CallerAudienceTest {
    private static final Queue<String> SEEN = new ConcurrentLinkedQueue<>();
    private static Sandbox sandbox;
    private static GatewayModule gateway;
    private static WebServer webhooks;
    private static WebServer listings;
    private static TenantId tenant;
    private static String key;

    @BeforeAll
    static void start() throws IOException {
        sandbox = new Sandbox();
        tenant = sandbox.directory.tenant("acme-corp", new Limits(10_000, 6_000, 600));
        key = sandbox.directory.key(tenant);
        webhooks = builtIn("webhooks");
        listings = builtIn("listings");
        sandbox.directory.route(internal("webhooks", "/v2/webhooks", webhooks.uri()));
        sandbox.directory.route(internal("listings", "/v2/listings", listings.uri()));
        sandbox.directory.route(
                Sandbox.open("mine", "/v1/mine", sandbox.service.url()).with(0, "rks_7"));
        gateway = sandbox.gateway("audience");
        sandbox.synced(gateway);
    }

    @AfterAll
    static void stop() {
        webhooks.close();
        listings.close();
        sandbox.close();
    }

    private static RouteEntry internal(String name, String prefix, URI target) {
        return Sandbox.open(name, prefix, target.toString()).with(0, RouteEntry.INTERNAL);
    }

    /** One of the installation's own services, as its module opens it; answers with who calls in which mode. */
    private static WebServer builtIn(String name) throws IOException {
        InstantSource clock = InstantSource.system();
        return WebServer.start(
                sandbox.vertx,
                WebServer.Options.loopback(name),
                request -> {
                    SEEN.addAll(request.headers().getOrDefault("gatehouse-caller", List.of()));
                    return Response.text(
                            200,
                            request.caller().slug() + " " + request.caller().mode());
                },
                new CallerGuard(sandbox.secrets, name, clock),
                clock);
    }

    private static HttpResponse<String> direct(WebServer service, String method, String target, String... headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(service.uri() + target))
                .method(method, HttpRequest.BodyPublishers.noBody());
        for (String header : headers) {
            request.header(CallerSeal.HEADER, header);
        }
        return sandbox.http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String seen(String target) {
        SEEN.clear();
        assertThat(sandbox.get(gateway, key, target).statusCode()).isEqualTo(200);
        return SEEN.remove();
    }

    /** What the operator's own service receives. */
    private static String tokenOf(String givenKey, String target) {
        HttpResponse<String> answer = sandbox.get(gateway, givenKey, target);
        assertThat(answer.statusCode()).isEqualTo(200);
        return Json.tree(answer.body()).at("/headers/gatehouse-caller").asText();
    }

    @Test
    @DisplayName("is believed by the installation's own services, for targets of every form")
    void believed() {
        for (String target : List.of(
                "/v2/webhooks",
                "/v2/webhooks?",
                "/v2/webhooks/a%20b?q=%C3%A9%2F&x=a|b",
                "/v2/webhooks/%C3%A9?a=b&a=c")) {
            HttpResponse<String> answer = sandbox.send(HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + gateway.port() + target.replace("|", "%7C")))
                    .header("X-API-Key", key));
            assertThat(answer.body()).as(target).isEqualTo("acme-corp LIVE");
        }
    }

    @Test
    @DisplayName("by a service of the operator's own opens none of the installation's services, for any call")
    void ownServiceOpensNothing() throws Exception {
        for (String target : List.of("/v1/mine/v2/webhooks/endpoints", "/v1/mine/echo")) {
            String token = tokenOf(key, target);
            for (WebServer service : List.of(webhooks, listings)) {
                for (String method : List.of("GET", "POST", "DELETE")) {
                    for (String call : List.of(target, "/v2/webhooks/endpoints", "/v2/listings", "/")) {
                        assertThat(direct(service, method, call, token).statusCode())
                                .as(method + " " + call)
                                .isEqualTo(401);
                    }
                }
            }
        }
    }

    @Test
    @DisplayName("by one of the installation's services opens no other, and no other call")
    void replayed() throws Exception {
        String header = seen("/v2/webhooks/endpoints?limit=1");
        assertThat(direct(webhooks, "GET", "/v2/webhooks/endpoints?limit=1", header)
                        .statusCode())
                .isEqualTo(200);
        assertThat(direct(listings, "GET", "/v2/webhooks/endpoints?limit=1", header)
                        .statusCode())
                .isEqualTo(401);
        assertThat(direct(webhooks, "POST", "/v2/webhooks/endpoints?limit=1", header)
                        .statusCode())
                .isEqualTo(401);
        for (String target : List.of(
                "/v2/webhooks/endpoints",
                "/v2/webhooks/endpoints?limit=2",
                "/v2/webhooks/endpoints?limit=1&x",
                "/v2/webhooks/endpoints/?limit=1",
                "/v2/webhooks/endpoint%73?limit=1")) {
            assertThat(direct(webhooks, "GET", target, header).statusCode())
                    .as(target)
                    .isEqualTo(401);
        }
        assertThat(direct(webhooks, "GET", "/v2/webhooks/endpoints?limit=1", header, header)
                        .statusCode())
                .as("two headers")
                .isEqualTo(401);
    }

    @Test
    @DisplayName("says which mode the key has: what was made for a test key opens nothing live")
    void modes() throws Exception {
        String testKey = sandbox.directory.key(tenant, made -> mode(made, KeyMode.TEST));
        sandbox.synced(gateway);
        SEEN.clear();
        HttpResponse<String> answer = sandbox.get(gateway, testKey, "/v2/webhooks");
        assertThat(answer.body()).isEqualTo("acme-corp TEST");
        String header = SEEN.remove();
        assertThat(direct(webhooks, "GET", "/v2/webhooks", header).body()).isEqualTo("acme-corp TEST");
        assertThat(header).contains("|test|");
        assertThat(direct(webhooks, "GET", "/v2/webhooks", header.replace("|test|", "|live|"))
                        .statusCode())
                .isEqualTo(401);
        assertThat(claims(tokenOf(testKey, "/v1/mine/echo")).path("mode").asText())
                .isEqualTo("test");
    }

    private static KeyEntry mode(KeyEntry key, KeyMode mode) {
        return new KeyEntry(
                key.id(),
                key.tenant(),
                key.hash(),
                key.prefix(),
                mode,
                key.scopes(),
                key.expiresAt(),
                key.revokedAt(),
                key.allowedAddresses(),
                key.quotaPercent(),
                key.version());
    }

    @Test
    @DisplayName(
            "by a service of the operator's own is a JSON Web Token for that route, method and target, under its secret")
    void webToken() throws Exception {
        String target = "/v1/mine/echo?city=Toledo%22&x=1";
        String token = tokenOf(key, target);
        String[] part = token.split("\\.", -1);
        assertThat(part).hasSize(3);
        JsonNode head = Json.tree(new String(Base64.getUrlDecoder().decode(part[0]), UTF_8));
        assertThat(head.path("alg").asText()).isEqualTo("HS256");
        assertThat(head.path("kid").asText()).isEqualTo("rks_7");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(sandbox.secrets.routeSecret("mine", "rks_7").getBytes(UTF_8), "HmacSHA256"));
        assertThat(Base64.getUrlDecoder().decode(part[2]))
                .isEqualTo(mac.doFinal((part[0] + "." + part[1]).getBytes(UTF_8)));
        JsonNode claims = claims(token);
        assertThat(claims.path("iss").asText()).isEqualTo("gatehouse");
        assertThat(claims.path("aud").asText()).isEqualTo("mine");
        assertThat(claims.path("sub").asText()).isEqualTo(tenant.value());
        assertThat(claims.path("mode").asText()).isEqualTo("live");
        assertThat(claims.path("htm").asText()).isEqualTo("GET");
        assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isEqualTo(30);
        assertThat(Math.abs(claims.path("iat").asLong() - Instant.now().getEpochSecond()))
                .isLessThan(10);
        assertThat(claims.path("target_sha256").asText())
                .isEqualTo(Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(MessageDigest.getInstance("SHA-256").digest(target.getBytes(UTF_8))));
    }

    private static JsonNode claims(String token) {
        return Json.tree(new String(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]), UTF_8));
    }
}
