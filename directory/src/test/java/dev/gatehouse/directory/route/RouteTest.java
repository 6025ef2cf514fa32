package dev.gatehouse.directory.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.directory.RunningDirectory;
import dev.gatehouse.directory.RunningDirectory.Answer;
import dev.gatehouse.kernel.directory.DirectorySnapshot;
import dev.gatehouse.kernel.directory.OperationEntry;
import dev.gatehouse.kernel.directory.RouteDeclaration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A route")
final class RouteTest {
    private static final String PETS = """
            openapi: 3.1.0
            info: {title: Pets, version: v9}
            paths:
              /v2/pets:
                get:
                  operationId: listPets
                  parameters:
                    - {name: kind, in: query, schema: {type: string}}
                  responses: {'200': {description: pets}}
                post:
                  operationId: addPet
                  x-cost: 5
                  x-scope: pets.write
                  deprecated: true
                  responses: {'201': {description: a pet}}
            """;
    private static RunningDirectory running;

    @BeforeAll
    static void start() throws Exception {
        running = RunningDirectory.start();
    }

    @AfterAll
    static void stop() throws Exception {
        running.close();
    }

    private static Answer put(String name, Map<String, ?> body) {
        return running.admin("putRoute", "PUT", "/routes/" + name, body);
    }

    private static List<Map<String, ?>> pool(String target) {
        return List.of(Map.of("name", "default", "targets", List.of(target)));
    }

    @Test
    @DisplayName("declared by a service is compiled from its description, and again unchanged makes no version")
    void registers() {
        RouteDeclaration pets = RouteDeclaration.of("pets", "pets", List.of("/v2/pets"), PETS, "http://127.0.0.1:9001");
        long before = running.changesAfter(0).version();
        assertThat(running.internal("PUT", "/internal/directory/routes/pets", pets)
                        .status())
                .isEqualTo(200);
        DirectorySnapshot snapshot = running.changesAfter(before);
        assertThat(snapshot.routes())
                .singleElement()
                .satisfies(route -> assertThat(route.operations())
                        .containsExactly(
                                new OperationEntry(
                                        "listPets", "GET", "/v2/pets", "v2", 1, null, List.of("kind"), false),
                                new OperationEntry(
                                        "addPet", "POST", "/v2/pets", "v2", 5, "pets.write", List.of(), true)));
        running.internal("PUT", "/internal/directory/routes/pets", pets);
        assertThat(running.changesAfter(0).version()).isEqualTo(before + 1);
        RouteDeclaration moved =
                RouteDeclaration.of("pets", "pets", List.of("/v2/pets"), PETS, "http://127.0.0.1:9002");
        running.internal("PUT", "/internal/directory/routes/pets", moved);
        assertThat(running.changesAfter(0).version()).isEqualTo(before + 2);
    }

    @Test
    @DisplayName("without a description is put, listed, and taken away, which gateways learn of")
    void comesAndGoes() {
        Answer made = put("plain", Map.of("prefixes", List.of("/plain"), "pools", pool("http://127.0.0.1:9003")));
        assertThat(made.status()).isEqualTo(200);
        assertThat(made.json().path("scope").asText()).isEqualTo("plain");
        assertThat(made.json().path("responseTimeoutMillis").asInt()).isEqualTo(30_000);
        long before = running.changesAfter(0).version();
        assertThat(running.admin("deleteRoute", "DELETE", "/routes/plain", null).status())
                .isEqualTo(204);
        assertThat(running.changesAfter(before).removedRoutes()).containsExactly("plain");
        assertThat(running.changesAfter(0).routes())
                .noneMatch(route -> route.name().equals("plain"));
        assertThat(running.admin("deleteRoute", "DELETE", "/routes/plain", null).status())
                .isEqualTo(404);
        assertThat(put("plain", Map.of("prefixes", List.of("/plain"), "pools", pool("http://127.0.0.1:9003")))
                        .status())
                .isEqualTo(200);
        running.admin("deleteRoute", "DELETE", "/routes/plain", null);
    }

    @Test
    @DisplayName("is refused for a bad description, and the answer says where")
    void saysWhere() {
        assertThat(detail(PETS.replace("operationId: addPet", "operationId: listPets")))
                .contains("two operations have the id listPets");
        assertThat(detail(PETS.replace("x-cost: 5", "x-cost: -1"))).contains("addPet", "x-cost is -1");
        assertThat(detail(PETS.replace("/v2/pets", "/v3/pets"))).contains("listPets", "/v3/pets", "/v2/pets");
        assertThat(detail(PETS.replace("openapi: 3.1.0", "openapi: 2.0"))).contains("3.1");
        assertThat(detail("{")).contains("not YAML or JSON");
    }

    private static String detail(String description) {
        Answer refused = put(
                "bad",
                Map.of(
                        "prefixes",
                        List.of("/v2/pets"),
                        "pools",
                        pool("http://127.0.0.1:9004"),
                        "description",
                        description));
        assertThat(refused.status()).as(description).isEqualTo(422);
        return refused.json().path("detail").asText();
    }

    @Test
    @DisplayName("is refused for a prefix that is another route's, and for a target that is no address")
    void refusesConflicts() {
        put("first", Map.of("prefixes", List.of("/mine"), "pools", pool("http://127.0.0.1:9005")));
        Answer taken = put("second", Map.of("prefixes", List.of("/mine"), "pools", pool("http://127.0.0.1:9006")));
        assertThat(taken.status()).isEqualTo(409);
        assertThat(taken.json().path("detail").asText()).contains("/mine", "first");
        for (String target : List.of("127.0.0.1:9000", "ftp://a", "http://a?b=c", "http://u:p@a", "nonsense")) {
            assertThat(put("third", Map.of("prefixes", List.of("/third"), "pools", pool(target)))
                            .status())
                    .as(target)
                    .isEqualTo(422);
        }
    }

    @Test
    @DisplayName("shares a prefix with another when their descriptions say which path is whose, and not otherwise")
    void sharesAPrefix() {
        String template = "openapi: 3.1.0\ninfo: {title: t, version: v2}\npaths:\n  %s:\n    get: {operationId: %s,"
                + " responses: {'200': {description: ok}}}\n";
        List<String> prefix = List.of("/v2/shared");
        assertThat(put("share-a", described(prefix, String.format(template, "'/v2/shared/{id}'", "a")))
                        .status())
                .isEqualTo(200);
        assertThat(put("share-b", described(prefix, String.format(template, "'/v2/shared/{id}/more'", "b")))
                        .status())
                .isEqualTo(200);
        Answer same = put("share-c", described(prefix, String.format(template, "'/v2/shared/{key}/more'", "c")));
        assertThat(same.status()).isEqualTo(409);
        assertThat(same.json().path("detail").asText()).contains("share-b", "/v2/shared/{id}/more");
        assertThat(put("share-d", Map.of("prefixes", prefix, "pools", pool("http://127.0.0.1:9007")))
                        .status())
                .isEqualTo(409);
    }

    private static Map<String, ?> described(List<String> prefixes, String description) {
        return Map.of("prefixes", prefixes, "pools", pool("http://127.0.0.1:9007"), "description", description);
    }

    @Test
    @DisplayName("is declared only by processes of the installation")
    void guarded() {
        Answer refused = RunningDirectory.send(
                running.module().internalUri().resolve("/internal/directory/routes/pets"),
                "PUT",
                RouteDeclaration.of("pets", "pets", List.of("/v2/pets"), null, "http://127.0.0.1:9001"),
                Map.of());
        assertThat(refused.status()).isEqualTo(401);
    }

    @Test
    @DisplayName("of an operator's own service keeps its secret through changes, and has another once it was removed")
    void secret() {
        Map<String, ?> body = Map.of("prefixes", List.of("/vendor"), "pools", pool("http://127.0.0.1:9005"));
        assertThat(put("vendor", body).status()).isEqualTo(200);
        Answer first = running.admin("readRouteSecret", "GET", "/routes/vendor/secret", null);
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.json().path("secret").asText()).matches("ghs_[A-Za-z0-9_-]{43}");
        put("vendor", Map.of("prefixes", List.of("/vendor"), "pools", pool("http://127.0.0.1:9006")));
        assertThat(running.admin("readRouteSecret", "GET", "/routes/vendor/secret", null)
                        .json())
                .isEqualTo(first.json());
        put("other", Map.of("prefixes", List.of("/other"), "pools", pool("http://127.0.0.1:9007")));
        running.admin("deleteRoute", "DELETE", "/routes/vendor", null);
        assertThat(running.admin("readRouteSecret", "GET", "/routes/vendor/secret", null)
                        .status())
                .isEqualTo(404);
        put("vendor", body);
        Answer again = running.admin("readRouteSecret", "GET", "/routes/vendor/secret", null);
        Answer other = running.admin("readRouteSecret", "GET", "/routes/other/secret", null);
        assertThat(List.of(first, again, other).stream()
                        .map(answer -> answer.json().path("secret").asText())
                        .distinct())
                .hasSize(3);
        assertThat(running.changesAfter(0).routes().toString())
                .doesNotContain(again.json().path("secret").asText());
        running.admin("deleteRoute", "DELETE", "/routes/vendor", null);
        running.admin("deleteRoute", "DELETE", "/routes/other", null);
    }

    @Test
    @DisplayName("takes the name of one of the installation's services only when it is said to lead to that service")
    void builtIn() {
        Map<String, ?> body = Map.of("prefixes", List.of("/hooks"), "pools", pool("http://127.0.0.1:9008"));
        Answer taken = put("webhooks", body);
        assertThat(taken.status()).isEqualTo(422);
        assertThat(taken.json().path("detail").asText()).contains("built-in");
        assertThat(put("mine", with(body, "service", "webhooks")).status()).isEqualTo(422);
        assertThat(put("mine", with(body, "kind", "built-in")).status()).isEqualTo(422);
        Answer more = put("webhooks", with(body, "kind", "built-in"));
        assertThat(more.json().path("callerKey").asText()).isEqualTo("internal");
        assertThat(running.admin("readRouteSecret", "GET", "/routes/webhooks/secret", null)
                        .status())
                .isEqualTo(409);
        running.admin("deleteRoute", "DELETE", "/routes/webhooks", null);
    }

    private static Map<String, ?> with(Map<String, ?> body, String name, Object value) {
        Map<String, Object> more = new HashMap<>(body);
        more.put(name, value);
        return more;
    }
}
