package dev.gatehouse.portal.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.portal.Organisation;
import dev.gatehouse.portal.sandbox.Browser;
import dev.gatehouse.portal.sandbox.Sandbox;
import dev.gatehouse.webhooks.Delivery;
import dev.gatehouse.webhooks.DeliveryQuery;
import dev.gatehouse.webhooks.Endpoint;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The pages of webhooks")
final class WebhookPagesTest {
    private static Sandbox sandbox;
    private static Browser browser;
    private static Organisation organisation;

    @BeforeAll
    static void start() throws Exception {
        sandbox = new Sandbox(InstantSource.system());
        browser = sandbox.member("hook@example.com", "Hooks Ltd");
        organisation = sandbox.organisations.all().getFirst();
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @Test
    @DisplayName(
            "an endpoint is made, its secret shown once; a test event arrives and shows what was sent and answered")
    void delivered() throws Exception {
        HttpResponse<String> wrong = browser.post("/webhooks", "url", "ftp://example.com", "areas", "everywhere");
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(wrong.body()).contains("value=\"ftp://example.com\"", "class=\"fault\"");
        HttpResponse<String> made = browser.postAndLook(
                "/webhooks", "url", sandbox.gateway.uri() + "/crm", "description", "CRM", "type", "listing.created");
        assertThat(made.body()).contains("whsec_", "only time that it is shown", "hmac");
        Endpoint endpoint = endpoint("/crm");
        assertThat(endpoint.eventTypes()).containsExactly("listing.created");
        assertThat(browser.get("/webhooks").body()).contains("/crm", "CRM").doesNotContain("whsec_");
        String page = browser.post("/webhooks/" + endpoint.id() + "/test", "type", "listing.created")
                .headers()
                .firstValue("Location")
                .orElseThrow();
        Awaitility.await()
                .atMost(Duration.ofSeconds(120))
                .untilAsserted(() -> assertThat(browser.get(page).body()).contains("Your receiver took it with 200"));
        assertThat(browser.get(page).body())
                .contains("webhook-signature: v1,", "Content-Type: application/json", "lst-77", "Attempt 1");
        assertThat(browser.get(page, "HX-Request", "true").statusCode()).isEqualTo(286);
        String again =
                browser.post(page + "/replay").headers().firstValue("Location").orElseThrow();
        assertThat(again).isNotEqualTo(page);
        assertThat(browser.get(again).body()).contains("replay");
    }

    @Test
    @DisplayName("an endpoint that fails says why and what to do, is paused, gets another secret, and is deleted")
    void failing() throws Exception {
        browser.post("/webhooks", "url", "http://127.0.0.1:1025/nobody");
        Endpoint endpoint = endpoint("/nobody");
        String at = "/webhooks/" + endpoint.id();
        browser.post(at + "/test", "type", "listing.created");
        Awaitility.await()
                .atMost(Duration.ofSeconds(120))
                .untilAsserted(() -> assertThat(browser.get(at).body())
                        .contains("Nothing accepted the connection", "Check that the receiver runs"));
        browser.post(at + "/status", "status", "paused");
        assertThat(browser.get(at).body()).contains("Paused", "Enable");
        assertThat(browser.postAndLook(at + "/secret", "rotation", "overlap").body())
                .contains("whsec_", "both signatures");
        assertThat(browser.post(at + "/edit", "url", sandbox.gateway.uri() + "/moved", "areas", "zip:43604")
                        .statusCode())
                .isEqualTo(303);
        assertThat(browser.get(at).body()).contains("/moved", "zip:43604");
        assertThat(browser.get(at + "/delete").body()).contains("is cancelled").contains("Delete endpoint");
        browser.post(at + "/delete");
        assertThat(browser.get(at).statusCode()).isEqualTo(404);
        List<Delivery> left = sandbox.webhooks.webhooks().deliveries(organisation.id(), DeliveryQuery.newest(10));
        assertThat(left).anyMatch(delivery -> delivery.endpoint().equals(endpoint.id()));
        assertThat(browser.get("/audit").body())
                .contains("webhook.create", "webhook.test", "webhook.pause", "webhook.rotate", "webhook.delete");
    }

    private static Endpoint endpoint(String ending) {
        return sandbox.webhooks.webhooks().endpoints(organisation.id()).stream()
                .filter(found -> found.url().endsWith(ending))
                .findFirst()
                .orElseThrow();
    }
}
