package dev.gatehouse.directory.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.directory.Actor;
import dev.gatehouse.directory.Directory;
import dev.gatehouse.directory.IssuedKey;
import dev.gatehouse.directory.NewKey;
import dev.gatehouse.directory.NewTenant;
import dev.gatehouse.directory.RunningDirectory;
import dev.gatehouse.directory.RunningDirectory.Answer;
import dev.gatehouse.directory.Tenant;
import dev.gatehouse.kernel.aside.AsideDecision;
import dev.gatehouse.kernel.aside.AsideDecisions;
import dev.gatehouse.kernel.aside.AsideReport;
import dev.gatehouse.kernel.aside.SetAside;
import dev.gatehouse.kernel.directory.DirectoryPaths;
import dev.gatehouse.kernel.directory.DirectorySnapshot;
import dev.gatehouse.kernel.directory.KeyEntry;
import dev.gatehouse.kernel.directory.RouteDeclaration;
import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.kernel.directory.TenantEntry;
import dev.gatehouse.kernel.directory.UnusableEntry;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.runtime.json.Json;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A row of the directory that cannot be read")
final class UnreadableRowsTest {
    private static final Actor ACTOR = Actor.process("test");

    private static void sql(RunningDirectory running, String text) {
        try (Connection connection = DriverManager.getConnection(
                        running.database().jdbc(),
                        running.database().user(),
                        running.database().password());
                Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = directory; SET gatehouse.tenant = '*'");
            statement.execute(text);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @DisplayName("is named in the snapshot, so that it is refused; every other is there")
    void named() throws Exception {
        try (RunningDirectory running = RunningDirectory.start()) {
            Directory directory = running.directory();
            Tenant good = directory
                    .createTenant(NewTenant.of("Good", "growth"), ACTOR)
                    .orThrow();
            Tenant odd =
                    directory.createTenant(NewTenant.of("Odd", "growth"), ACTOR).orThrow();
            IssuedKey key = directory
                    .createKey(good.id(), NewKey.of("good", KeyMode.LIVE), ACTOR)
                    .orThrow();
            IssuedKey oddKey = directory
                    .createKey(good.id(), NewKey.of("odd", KeyMode.LIVE), ACTOR)
                    .orThrow();
            for (String name : List.of("good", "odd")) {
                directory
                        .declareRoute(
                                RouteDeclaration.of(name, name, List.of("/v2/" + name), null, "http://127.0.0.1:9"),
                                ACTOR)
                        .orThrow();
            }
            sql(running, "UPDATE tenant SET plan = 'of-a-release-to-come' WHERE slug = 'odd'");
            sql(running, "UPDATE api_key SET scopes = ARRAY[NULL]::text[] WHERE name = 'odd'");
            sql(running, "UPDATE route SET entry = '{\"name\":7}' WHERE name = 'odd'");

            DirectorySnapshot snapshot = running.changesAfter(0);

            assertThat(snapshot.tenants())
                    .extracting(TenantEntry::slug)
                    .contains("good")
                    .doesNotContain("odd");
            assertThat(snapshot.keys())
                    .extracting(KeyEntry::id)
                    .contains(key.key().entry().id())
                    .doesNotContain(oddKey.key().entry().id());
            assertThat(snapshot.routes())
                    .extracting(RouteEntry::name)
                    .contains("good")
                    .doesNotContain("odd");
            assertThat(snapshot.unusable())
                    .extracting(UnusableEntry::id)
                    .containsExactlyInAnyOrder(
                            odd.id().value(), oddKey.key().entry().id().value(), "odd");
            assertThat(snapshot.unusable())
                    .extracting(UnusableEntry::hash)
                    .contains(oddKey.key().entry().hash());
            assertThat(running.admin("listRoutes", "GET", "/routes", null).status())
                    .isEqualTo(200);
            assertThat(running.admin("listKeys", "GET", "/tenants/good/keys", null)
                            .status())
                    .isEqualTo(200);

            directory
                    .declareRoute(
                            RouteDeclaration.of("odd", "odd", List.of("/v2/odd"), null, "http://127.0.0.1:9"), ACTOR)
                    .orThrow();
            assertThat(running.changesAfter(0).routes())
                    .extracting(RouteEntry::name)
                    .contains("odd");
        }
    }

    private static AsideDecisions report(RunningDirectory running, String process, String... records) {
        Instant seen = Instant.parse("2026-03-01T12:00:00Z");
        List<SetAside> all = List.of(records).stream()
                .map(record -> new SetAside("gateway.directory", record, "why", seen, seen, 1, 10, "abcd"))
                .toList();
        Answer answer = running.internal("POST", DirectoryPaths.SET_ASIDE, new AsideReport(process, all, all.size()));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return Json.read(answer.text(), AsideDecisions.class);
    }

    @Test
    @DisplayName("in any process is listed once, tried again or dropped by an operator, and each process told so once")
    void decided() throws Exception {
        try (RunningDirectory running = RunningDirectory.start()) {
            assertThat(report(running, "one/1", "key_a", "key_b").decisions()).isEmpty();
            assertThat(report(running, "two/2", "key_a").decisions()).isEmpty();
            Answer list = running.admin("listSetAside", "GET", "/set-aside", null);
            assertThat(list.json().path("data")).hasSize(2);
            var first = list.json().at("/data/0");
            String id = first.path("id").asText();
            boolean shared = first.path("record").asText().equals("key_a");
            assertThat(first.path("processes")).hasSize(shared ? 2 : 1);

            Answer dry = running.admin("dropSetAside", "POST", "/set-aside/" + id + "/drop?reason=x&dryRun=true", null);
            assertThat(dry.status()).as(dry.text()).isEqualTo(200);
            assertThat(report(running, "one/1", "key_a", "key_b").decisions()).isEmpty();
            Answer bare = running.admin("dropSetAside", "POST", "/set-aside/" + id + "/drop", null);
            assertThat(bare.status()).isEqualTo(422);
            Answer none = running.admin("retrySetAside", "POST", "/set-aside/0000/retry", null);
            assertThat(none.status()).isEqualTo(404);
            Answer retried = running.admin(
                    "retrySetAside",
                    "POST",
                    "/set-aside/" + id + "/retry",
                    null,
                    Map.of("Authorization", "Bearer " + RunningDirectory.OWNER));
            assertThat(retried.status()).as(retried.text()).isEqualTo(202);

            assertThat(report(running, "one/1", "key_a", "key_b").decisions())
                    .extracting(AsideDecision::kind)
                    .containsExactly(AsideDecision.Kind.RETRY);
            assertThat(report(running, "one/1", "key_a", "key_b").decisions()).isEmpty();
            assertThat(running.admin("listAudit", "GET", "/audit", null).text()).contains("retrySetAside");
            report(running, "one/1");
            report(running, "two/2");
            assertThat(running.admin("listSetAside", "GET", "/set-aside", null)
                            .json()
                            .path("data"))
                    .isEmpty();
        }
    }
}
