package dev.gatehouse.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.runtime.api.AddedOperations;
import dev.gatehouse.runtime.api.ApiRouter;
import dev.gatehouse.runtime.http.HttpCaller;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.http.Router;
import dev.gatehouse.runtime.http.WebServer;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("As it is installed, an endpoint")
class AddressesTest {
    private static final String ENDPOINTS = "/v2/webhooks/endpoints";
    private static final String RECEIVERS = "/admin/v1/webhooks/receivers";

    private final TenantId acme = Installation.newTenant();

    @SuppressWarnings("NullAway.Init")
    private static Installation in;

    @SuppressWarnings("NullAway.Init")
    private static WebServer admin;

    @BeforeAll
    static void start() throws Exception {
        in = new Installation(WebhooksModule.Receivers.PUBLIC_ONLY);
        AddedOperations added = WebhooksModule.administration(() -> DatabaseUrl.parse(in.url), in.clock);
        Map<String, ApiRouter.Handler> handlers = new HashMap<>(added.reads());
        added.changes()
                .forEach((id, change) ->
                        handlers.put(id, call -> Response.ok(change.make(call).answer())));
        Router router = new Router();
        ApiRouter.mount(router, added.description(), handlers);
        admin = WebServer.start(in.vertx, WebServer.Options.loopback("admin"), router, null, in.clock);
    }

    @AfterAll
    static void stop() {
        admin.close();
        in.close();
    }

    private static String create(String url) {
        return Json.text(Map.of("url", url));
    }

    private JsonNode made(TenantId tenant, String url) throws IOException {
        HttpCaller.Answer answer = in.call(tenant, "POST", ENDPOINTS, create(url));
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        assertThat(answer.status()).as(text).isEqualTo(201);
        return Json.tree(text).path("data");
    }

    private static HttpCaller.Answer administer(String method, String path, String body) throws IOException {
        return in.caller.send(
                method,
                admin.uri().resolve(path),
                Map.of("Content-Type", "application/json"),
                body.getBytes(StandardCharsets.UTF_8));
    }

    private static void open(TenantId tenant, int port) throws IOException {
        HttpCaller.Answer answer =
                administer("POST", RECEIVERS, Json.text(Map.of("tenant", tenant.value(), "port", port, "seconds", 60)));
        assertThat(answer.status())
                .as(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:8084/admin/v1/status",
                "https://127.0.0.1/",
                "http://localhost:8084/",
                "https://[::1]/",
                "https://10.0.0.1/hook",
                "https://172.16.0.1/",
                "https://192.168.1.1/",
                "https://100.64.0.1/",
                "https://169.254.169.254/latest/meta-data/",
                "https://[fd00:ec2::254]/",
                "https://[64:ff9b::a00:1]/",
                "https://[::ffff:10.0.0.1]/",
                "https://0.0.0.0/",
                "https://224.0.0.1/",
                "https://2130706433/",
                "https://0x7f.1/",
                "https://user:pass@example.com/",
                "https://example.com:22/",
                "http://example.com/"
            })
    @DisplayName(
            "is not made for what no delivery would be made to, and neither is one changed to it; the answer says why")
    void refused(String url) throws Exception {
        HttpCaller.Answer answer = in.call(acme, "POST", ENDPOINTS, create(url));
        JsonNode problem = Json.tree(new String(answer.body(), StandardCharsets.UTF_8));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(problem.at("/errors/0/field").asText()).isEqualTo("url");
        assertThat(problem.at("/errors/0/message").asText()).isNotBlank();
        in.resolver = host -> List.of(InetAddress.getByName("93.184.215.14"));
        String id = made(acme, "https://example.com/").path("id").asText();
        assertThat(in.call(acme, "PATCH", ENDPOINTS + "/" + id, create(url)).status())
                .isEqualTo(400);
        in.call(acme, "DELETE", ENDPOINTS + "/" + id, "");
    }

    @Test
    @DisplayName("is made with its URL in normal form")
    void normalForm() throws Exception {
        in.resolver = host -> List.of(InetAddress.getByName("93.184.215.14"));
        JsonNode endpoint = made(acme, "https://Exämple.com:443/Haken/ä?größe=1");
        assertThat(endpoint.path("url").asText())
                .isEqualTo("https://xn--exmple-cua.com/Haken/%C3%A4?gr%C3%B6%C3%9Fe=1");
        HttpCaller.Answer changed =
                in.call(acme, "PATCH", ENDPOINTS + "/" + endpoint.path("id").asText(), create("https://example.com/ö"));
        assertThat(new String(changed.body(), StandardCharsets.UTF_8)).contains("https://example.com/%C3%B6");
    }

    @Test
    @DisplayName("whose name comes to lead inside is not delivered to, and can still be paused")
    void rebound() throws Exception {
        in.resolver = host -> List.of(InetAddress.getByName("93.184.215.14"));
        Endpoint endpoint = in.webhooks()
                .create(acme, NewEndpoint.of("https://rebind.example/"))
                .endpoint();
        in.resolver = host -> List.of(InetAddress.getByName("127.0.0.1"));
        Delivery sent = in.webhooks().sendTest(acme, endpoint.id(), "sale.recorded");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(in.webhooks().attempts(acme, sent.id()))
                        .singleElement()
                        .satisfies(attempt -> assertThat(attempt.toString()).contains("blocked", "loopback")));
        assertThat(in.call(acme, "PATCH", ENDPOINTS + "/" + endpoint.id(), "{\"status\":\"paused\"}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    @DisplayName(
            "leads to a port of this machine while an operator holds it open for its tenant, and not a minute longer")
    void opened() throws Exception {
        try (FakeReceiver receiver = new FakeReceiver()) {
            int port = Integer.parseInt(receiver.url().replaceAll("\\D+127\\.0\\.0\\.1:(\\d+).*", "$1"));
            TenantId other = Installation.newTenant();
            assertThat(in.call(acme, "POST", ENDPOINTS, create(receiver.url())).status())
                    .isEqualTo(400);
            open(acme, port);
            assertThat(in.call(other, "POST", ENDPOINTS, create(receiver.url())).status())
                    .isEqualTo(400);
            Endpoint endpoint =
                    in.webhooks().create(acme, NewEndpoint.of(receiver.url())).endpoint();
            Delivery first = in.webhooks().sendTest(acme, endpoint.id(), "sale.recorded");
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(receiver.got)
                            .as(in.webhooks().attempts(acme, first.id()).toString())
                            .hasSize(1));
            assertThat(new String(administer("GET", RECEIVERS, "").body(), StandardCharsets.UTF_8))
                    .contains(acme.value(), String.valueOf(port));
            in.clock.advance(Duration.ofSeconds(40));
            open(acme, port);
            in.clock.advance(Duration.ofSeconds(40));
            in.webhooks().sendTest(acme, endpoint.id(), "sale.recorded");
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(receiver.got).hasSize(2));
            in.clock.advance(Duration.ofSeconds(21));
            blocked(endpoint);
            open(acme, port);
            assertThat(administer("DELETE", RECEIVERS + "/" + acme.value() + "/" + port, "")
                            .status())
                    .isEqualTo(200);
            blocked(endpoint);
            assertThat(receiver.got).hasSize(2);
        }
    }

    private void blocked(Endpoint endpoint) {
        Delivery sent = in.webhooks().sendTest(acme, endpoint.id(), "sale.recorded");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(in.webhooks().attempts(acme, sent.id()))
                        .singleElement()
                        .satisfies(attempt -> assertThat(attempt.toString()).contains("blocked")));
    }
}
