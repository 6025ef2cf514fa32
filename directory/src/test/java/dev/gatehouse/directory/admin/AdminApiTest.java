package dev.gatehouse.directory.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.directory.RunningDirectory;
import dev.gatehouse.directory.RunningDirectory.Answer;
import dev.gatehouse.kernel.key.ApiKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The admin API")
final class AdminApiTest {
    private static RunningDirectory running;

    @BeforeAll
    static void start() throws Exception {
        running = RunningDirectory.start();
    }

    @AfterAll
    static void stop() throws Exception {
        running.close();
    }

    private static String tenant(String name) {
        return running.admin("createTenant", "POST", "/tenants", Map.of("name", name, "plan", "growth"))
                .json()
                .path("slug")
                .asText();
    }

    private static Map<String, String> bearer(String token) {
        return Map.of("Authorization", "Bearer " + token);
    }

    private static String operator(String role) {
        return running.admin("createOperatorToken", "POST", "/operator-tokens", Map.of("name", role, "role", role))
                .json()
                .path("token")
                .asText();
    }

    @Test
    @DisplayName("makes a tenant with a slug of its name, found by id and by slug")
    void makesTenants() {
        Answer made = running.admin(
                "createTenant", "POST", "/tenants", Map.of("name", "Müller & Söhne GmbH", "plan", "scale"));
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.json().path("slug").asText()).isEqualTo("muller-sohne-gmbh");
        assertThat(made.json().at("/limits/daily").asLong()).isEqualTo(250_000);
        String again = tenant("Müller & Söhne GmbH");
        assertThat(again).isEqualTo("muller-sohne-gmbh-2");
        String id = made.json().path("id").asText();
        assertThat(running.admin("getTenant", "GET", "/tenants/" + id, null).json())
                .isEqualTo(running.admin("getTenant", "GET", "/tenants/muller-sohne-gmbh", null)
                        .json());
        assertThat(running.admin("getTenant", "GET", "/tenants/nobody", null).status())
                .isEqualTo(404);
    }

    @Test
    @DisplayName("refuses a plan that is not there and names those that are")
    void namesThePlans() {
        Answer refused = running.admin("createTenant", "POST", "/tenants", Map.of("name", "A", "plan", "gold"));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().path("detail").asText()).contains("gold", "free, growth, scale, enterprise");
    }

    @Test
    @DisplayName("refuses unknown and ill-typed fields and names them all")
    void namesFields() {
        Answer refused =
                running.admin("createTenant", "POST", "/tenants", Map.of("name", 7, "plna", "growth", "slug", "Ä"));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("errors")).hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    @DisplayName("suspends, resumes, sets plan and limits, and each is seen in the snapshot")
    void changesTenants() {
        String slug = tenant("Changing");
        long before = running.changesAfter(0).version();
        running.admin("suspendTenant", "POST", "/tenants/" + slug + "/suspend", null);
        running.admin("setTenantPlan", "PUT", "/tenants/" + slug + "/plan", Map.of("plan", "enterprise"));
        Answer limits = running.admin(
                "setTenantLimits",
                "PUT",
                "/tenants/" + slug + "/limits",
                Map.of("daily", 2_000_000, "burst", 12_000, "until", "2027-01-01T00:00:00Z"));
        assertThat(limits.json().at("/limits/daily").asLong()).isEqualTo(2_000_000);
        assertThat(limits.json().at("/limits/refillPerMinute").asLong()).isEqualTo(6_000);
        var snapshot = running.changesAfter(before);
        assertThat(snapshot.version()).isEqualTo(before + 3);
        assertThat(snapshot.tenants()).singleElement().satisfies(entry -> {
            assertThat(entry.status()).hasToString("SUSPENDED");
            assertThat(entry.plan()).isEqualTo("enterprise");
            assertThat(entry.limitsAt(running.clock.instant()).burst()).isEqualTo(12_000);
            assertThat(entry.version()).isEqualTo(before + 3);
        });
        Answer cleared = running.admin("setTenantLimits", "PUT", "/tenants/" + slug + "/limits", Map.of());
        assertThat(cleared.json().path("override").isNull()).isTrue();
        Answer resumed = running.admin("resumeTenant", "POST", "/tenants/" + slug + "/resume", null);
        assertThat(resumed.json().path("status").asText()).isEqualTo("active");
    }

    @Test
    @DisplayName("makes no new version for a change to what already holds")
    void idleChangesCostNothing() {
        String slug = tenant("Idle");
        long before = running.changesAfter(0).version();
        running.admin("resumeTenant", "POST", "/tenants/" + slug + "/resume", null);
        running.admin("setTenantPlan", "PUT", "/tenants/" + slug + "/plan", Map.of("plan", "growth"));
        assertThat(running.changesAfter(0).version()).isEqualTo(before);
    }

    @Test
    @DisplayName("refuses an override that ends before it starts, and a limit of zero")
    void refusesBadOverrides() {
        String slug = tenant("Bad overrides");
        assertThat(running.admin(
                                "setTenantLimits",
                                "PUT",
                                "/tenants/" + slug + "/limits",
                                Map.of("daily", 5, "until", "2020-01-01T00:00:00Z"))
                        .status())
                .isEqualTo(422);
        Answer zero = running.admin("setTenantLimits", "PUT", "/tenants/" + slug + "/limits", Map.of("daily", 0));
        assertThat(zero.status()).isEqualTo(400);
        assertThat(zero.json().at("/errors/0/field").asText()).isEqualTo("daily");
    }

    @Test
    @DisplayName("shows a key's text once, knows it by its hash, and never tells it again")
    void issuesKeys() {
        String slug = tenant("Key holder");
        Answer made = running.admin(
                "createKey",
                "POST",
                "/tenants/" + slug + "/keys",
                Map.of(
                        "name",
                        "ci",
                        "mode",
                        "test",
                        "scopes",
                        List.of("listings"),
                        "allowedAddresses",
                        List.of("203.0.113.0/24", "2001:db8::1"),
                        "quotaPercent",
                        25));
        assertThat(made.status()).isEqualTo(201);
        String text = made.json().path("key").asText();
        assertThat(ApiKey.isWellFormed(text)).isTrue();
        Answer known = running.internal("GET", "/internal/directory/keys/" + ApiKey.hashHex(text), null);
        assertThat(known.json().at("/key/id").asText())
                .isEqualTo(made.json().path("id").asText());
        assertThat(known.json().at("/tenant/slug").asText()).isEqualTo(slug);
        Answer list = running.admin("listKeys", "GET", "/tenants/" + slug + "/keys", null);
        assertThat(list.text()).doesNotContain(text).doesNotContain(ApiKey.hashHex(text));
        Answer audit = running.admin("listAudit", "GET", "/audit?tenant=" + slug, null);
        assertThat(audit.text()).doesNotContain(text).doesNotContain(ApiKey.hashHex(text));
    }

    @Test
    @DisplayName("refuses a key's address that is none, and an expiry that is past")
    void refusesBadKeys() {
        String slug = tenant("Bad keys");
        for (String address : List.of(
                "203.0.113.256",
                "203.0.113.0/33",
                "203.0.113.007",
                "example.com",
                "1.2",
                "::1/129",
                "fe80::1%eth0",
                "::ffff:203.0.113.0/64")) {
            Answer refused = running.admin(
                    "createKey", "POST", "/tenants/" + slug + "/keys", Map.of("allowedAddresses", List.of(address)));
            assertThat(refused.status()).as(address).isEqualTo(422);
        }
        assertThat(running.admin(
                                "createKey",
                                "POST",
                                "/tenants/" + slug + "/keys",
                                Map.of("expiresAt", "2026-02-01T00:00:00Z"))
                        .status())
                .isEqualTo(422);
    }

    @Test
    @DisplayName("keeps a key's address ranges in the one form by which gateways apply them")
    void normalAddresses() {
        Answer made = running.admin(
                "createKey",
                "POST",
                "/tenants/" + tenant("Mapped") + "/keys",
                Map.of("allowedAddresses", List.of("::ffff:203.0.113.0/120", "2001:DB8::/32")));

        assertThat(made.status()).isEqualTo(201);
        Answer known = running.internal(
                "GET",
                "/internal/directory/keys/"
                        + ApiKey.hashHex(made.json().path("key").asText()),
                null);
        assertThat(known.json().at("/key/allowedAddresses").toString())
                .isEqualTo("[\"203.0.113.0/24\",\"2001:db8::/32\"]");
    }

    @Test
    @DisplayName("rotates a key with an overlap, and revokes one for ever")
    void rotatesAndRevokes() {
        String slug = tenant("Rotating");
        String id = running.admin("createKey", "POST", "/tenants/" + slug + "/keys", Map.of("name", "main"))
                .json()
                .path("id")
                .asText();
        Answer rotated = running.admin("rotateKey", "POST", "/keys/" + id + "/rotate", Map.of("overlapSeconds", 3_600));
        assertThat(rotated.status()).isEqualTo(201);
        JsonNode keys = running.admin("listKeys", "GET", "/tenants/" + slug + "/keys", null)
                .json()
                .path("data");
        JsonNode old = keys.get(0).path("id").asText().equals(id) ? keys.get(0) : keys.get(1);
        assertThat(old.path("expiresAt").asText())
                .isEqualTo(running.clock.instant().plus(Duration.ofHours(1)).toString());
        Answer revoked = running.admin(
                "revokeKey", "POST", "/keys/" + rotated.json().path("id").asText() + "/revoke", null);
        assertThat(revoked.json().path("revokedAt").asText())
                .isEqualTo(running.clock.instant().toString());
        assertThat(running.admin(
                                "rotateKey",
                                "POST",
                                "/keys/" + rotated.json().path("id").asText() + "/rotate",
                                null)
                        .status())
                .isEqualTo(422);
    }

    @Test
    @DisplayName(
            "does a change once that is sent twice under one Idempotency-Key, and answers the same, secret included")
    void replays() {
        String slug = tenant("Replaying");
        Map<String, String> headers =
                Map.of("Authorization", "Bearer " + RunningDirectory.OWNER, "Idempotency-Key", "k-1");
        Answer first = running.admin("createKey", "POST", "/tenants/" + slug + "/keys", Map.of("name", "a"), headers);
        Answer second = running.admin("createKey", "POST", "/tenants/" + slug + "/keys", Map.of("name", "a"), headers);
        assertThat(second.text()).isEqualTo(first.text());
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.raw().headers().firstValue("Idempotent-Replayed")).contains("true");
        Answer other = running.admin("createKey", "POST", "/tenants/" + slug + "/keys", Map.of("name", "b"), headers);
        assertThat(other.code()).isEqualTo("idempotency_mismatch");
        assertThat(running.admin("listKeys", "GET", "/tenants/" + slug + "/keys", null)
                        .json()
                        .path("data"))
                .hasSize(1);
    }

    @Test
    @DisplayName("says with dryRun what would be, and changes nothing")
    void triesOut() {
        String slug = tenant("Trying");
        long version = running.changesAfter(0).version();
        Answer trial =
                running.admin("setTenantPlan", "PUT", "/tenants/" + slug + "/plan?dryRun=true", Map.of("plan", "free"));
        assertThat(trial.json().at("/before/plan").asText()).isEqualTo("growth");
        assertThat(trial.json().at("/after/plan").asText()).isEqualTo("free");
        Answer key = running.admin("createKey", "POST", "/tenants/" + slug + "/keys?dryRun=true", Map.of());
        assertThat(key.text()).doesNotContain("\"key\":");
        assertThat(running.changesAfter(0).version()).isEqualTo(version);
        assertThat(running.admin("getTenant", "GET", "/tenants/" + slug, null)
                        .json()
                        .path("plan")
                        .asText())
                .isEqualTo("growth");
        assertThat(running.admin("listAudit", "GET", "/audit?tenant=" + slug, null)
                        .json()
                        .path("data"))
                .hasSize(1);
    }

    @Test
    @DisplayName("keeps who changed what and why, with before and after")
    void audits() {
        String slug = tenant("Audited");
        running.admin("suspendTenant", "POST", "/tenants/" + slug + "/suspend?reason=unpaid%20invoice", null);
        JsonNode newest = running.admin("listAudit", "GET", "/audit?limit=1&tenant=" + slug, null)
                .json();
        JsonNode record = newest.at("/data/0");
        assertThat(record.path("operation").asText()).isEqualTo("suspendTenant");
        assertThat(record.path("actor").asText()).isEqualTo("operator:owner");
        assertThat(record.path("reason").asText()).isEqualTo("unpaid invoice");
        assertThat(record.at("/before/status").asText()).isEqualTo("active");
        assertThat(record.at("/after/status").asText()).isEqualTo("suspended");
        String next = newest.at("/page/next").asText();
        JsonNode older = running.admin("listAudit", "GET", "/audit?tenant=" + slug + "&cursor=" + next, null)
                .json();
        assertThat(older.at("/data/0/operation").asText()).isEqualTo("createTenant");
        assertThat(older.at("/page/next").isNull()).isTrue();
        assertThat(running.admin("listAudit", "GET", "/audit?cursor=x", null).code())
                .isEqualTo("invalid_cursor");
    }

    @Test
    @DisplayName("lets each role do what its description allows, and nobody without a token anything")
    void holdsRoles() {
        String slug = tenant("Roles");
        String viewer = operator("viewer");
        String support = operator("support");
        assertThat(running.admin("getTenant", "GET", "/tenants/" + slug, null, bearer(viewer))
                        .status())
                .isEqualTo(200);
        assertThat(running.admin("suspendTenant", "POST", "/tenants/" + slug + "/suspend", null, bearer(viewer))
                        .code())
                .isEqualTo("role_insufficient");
        assertThat(running.admin(
                                "setTenantPlan",
                                "PUT",
                                "/tenants/" + slug + "/plan",
                                Map.of("plan", "free"),
                                bearer(support))
                        .status())
                .isEqualTo(403);
        assertThat(running.admin("createKey", "POST", "/tenants/" + slug + "/keys", Map.of(), bearer(support))
                        .status())
                .isEqualTo(201);
        assertThat(running.admin("listTenants", "GET", "/tenants", null, Map.of())
                        .code())
                .isEqualTo("token_missing");
        assertThat(running.admin("listTenants", "GET", "/tenants", null, bearer("gate_op_x"))
                        .code())
                .isEqualTo("token_unknown");
    }

    @Test
    @DisplayName("refuses a revoked operator token from then on")
    void revokesTokens() {
        Answer made = running.admin(
                "createOperatorToken", "POST", "/operator-tokens", Map.of("name", "leaver", "role", "admin"));
        String token = made.json().path("token").asText();
        assertThat(running.admin("listPlans", "GET", "/plans", null, bearer(token))
                        .json()
                        .path("data"))
                .hasSize(4);
        running.admin(
                "revokeOperatorToken",
                "POST",
                "/operator-tokens/" + made.json().path("id").asText() + "/revoke",
                null);
        assertThat(running.admin("listPlans", "GET", "/plans", null, bearer(token))
                        .code())
                .isEqualTo("token_unknown");
        assertThat(running.admin("listOperatorTokens", "GET", "/operator-tokens", null)
                        .text())
                .doesNotContain(token);
    }

    @Test
    @DisplayName("lists tenants in pages without missing one")
    void pages() {
        for (int i = 0; i < 5; i++) {
            tenant("Page " + i);
        }
        int seen = 0;
        String cursor = "";
        do {
            JsonNode page = running.admin("listTenants", "GET", "/tenants?limit=2" + cursor, null)
                    .json();
            seen += page.path("data").size();
            cursor = page.at("/page/next").isNull()
                    ? ""
                    : "&cursor=" + page.at("/page/next").asText();
        } while (!cursor.isEmpty());
        JsonNode all =
                running.admin("listTenants", "GET", "/tenants?limit=500", null).json();
        assertThat(seen).isEqualTo(all.path("data").size()).isGreaterThanOrEqualTo(5);
    }
}
