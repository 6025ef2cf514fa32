package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.aside.SetAside;
import dev.gatehouse.kernel.directory.KeyEntry;
import dev.gatehouse.kernel.directory.RouteEntry;
import dev.gatehouse.kernel.directory.TenantEntry;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.runtime.aside.SetAsides;
import dev.gatehouse.runtime.json.Json;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An entry of the directory that a gateway cannot use")
class PoisonTest {
    private static final String PATH = "/v2/things/echo";

    private Sandbox sandbox;
    private TenantId good;
    private String goodKey;
    private TenantId odd;
    private String oddKey;
    private final SetAsides asides = new SetAsides(new SimpleMeterRegistry(), InstantSource.system());
    private int node;

    @BeforeEach
    void start() {
        sandbox = new Sandbox();
        good = sandbox.directory.tenant("good", new Limits(100_000, 60_000, 10_000));
        goodKey = sandbox.directory.key(good);
        odd = sandbox.directory.tenant("odd", new Limits(100_000, 60_000, 10_000));
        oddKey = sandbox.directory.key(odd);
    }

    @AfterEach
    void stop() {
        sandbox.close();
    }

    private GatewayModule gateway(String name) {
        return GatewayModule.start(
                sandbox.settings(name, GatewaySettings.Edge.standard(), 1, null),
                new SimpleMeterRegistry(),
                InstantSource.system(),
                (producer, redis) -> new dev.gatehouse.gateway.report.StreamUsageRecorder(
                        producer, 1, dev.gatehouse.kernel.usage.UsageStreams.DEFAULT_SHARDS, redis),
                asides);
    }

    private int status(GatewayModule gateway, String key) {
        return sandbox.get(gateway, key, PATH).statusCode();
    }

    private static void felt(Runnable assertion) {
        await().atMost(Duration.ofSeconds(1))
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(assertion::run);
    }

    /** What others change is felt in time: a new key, a revoked key, a new route, a suspended tenant. */
    private void othersAreServed(GatewayModule gateway) {
        assertThat(status(gateway, goodKey)).isEqualTo(200);
        String revoked = sandbox.directory.key(good);
        felt(() -> assertThat(status(gateway, revoked)).isEqualTo(200));
        sandbox.directory.changeKey(revoked, PoisonTest::revoked);
        felt(() -> assertThat(status(gateway, revoked)).isEqualTo(401));
        String name = "more-" + node++;
        sandbox.directory.route(Sandbox.open(name, "/v2/" + name, sandbox.service.url()));
        felt(() -> assertThat(
                        sandbox.get(gateway, goodKey, "/v2/" + name + "/echo").statusCode())
                .isEqualTo(200));
    }

    private static KeyEntry revoked(KeyEntry key) {
        return new KeyEntry(
                key.id(),
                key.tenant(),
                key.hash(),
                key.prefix(),
                key.mode(),
                key.scopes(),
                key.expiresAt(),
                Instant.EPOCH,
                key.allowedAddresses(),
                key.quotaPercent(),
                key.version());
    }

    private static ObjectNode tree(Object entry) {
        return Json.MAPPER.valueToTree(entry);
    }

    /** Ways in which an entry of any kind goes bad. Each makes another text of it. */
    private static List<Damage> damages(String list) {
        return List.of(
                damage("null in place of a text", node -> node.putNull(text(list))),
                damage("a number in place of a text", node -> node.put(text(list), 7)),
                damage("a list in place of a text", node -> node.putArray(text(list))),
                damage("a huge text", node -> node.put(text(list), "x".repeat(21 << 20))),
                damage("a part missing", node -> node.remove(part(list))),
                damage("null in place of a list", node -> node.putNull(part(list))),
                damage("an unknown word of an enum", node -> unknownWord(list, node)),
                damage("a number past its bounds", node -> outOfBounds(list, node)),
                damage("a version that is no number", node -> node.put("version", "many")),
                damage("a nesting that is too deep", node -> node.set(text(list), deep())));
    }

    private record Damage(String name, UnaryOperator<ObjectNode> how) {
        @Override
        public String toString() {
            return name;
        }
    }

    private interface Change {
        Object on(ObjectNode node);
    }

    private static Damage damage(String name, Change change) {
        return new Damage(name, node -> {
            var unused = change.on(node);
            return node;
        });
    }

    private static String text(String list) {
        return switch (list) {
            case "tenants" -> "slug";
            case "keys" -> "prefix";
            default -> "service";
        };
    }

    private static String part(String list) {
        return switch (list) {
            case "tenants" -> "planLimits";
            case "keys" -> "scopes";
            default -> "pools";
        };
    }

    private static Object unknownWord(String list, ObjectNode node) {
        return switch (list) {
            case "tenants" -> node.put("status", "FROZEN");
            case "keys" -> node.put("mode", "QUANTUM");
            default ->
                node.putArray("pools")
                        .addObject()
                        .put("name", "POOL")
                        .putArray("targets")
                        .add("gopher://x");
        };
    }

    private static Object outOfBounds(String list, ObjectNode node) {
        return switch (list) {
            case "tenants" ->
                node.putObject("planLimits")
                        .put("daily", 0)
                        .put("refillPerMinute", 1)
                        .put("burst", 1);
            case "keys" -> node.put("quotaPercent", 2_000);
            default -> node.put("responseTimeoutMillis", -1);
        };
    }

    private static JsonNode deep() {
        // written by hand below: a tree of this depth is not made
        return Json.MAPPER.getNodeFactory().textNode("@deep@");
    }

    private static String written(ObjectNode node) {
        return Json.text(node).replace("\"@deep@\"", "[".repeat(2_000) + "]".repeat(2_000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tenants", "keys", "routes"})
    @DisplayName("is set aside and refused alone, whatever is wrong with it, and heals")
    void alone(String list) {
        GatewayModule gateway = gateway("first");
        for (Damage damage : damages(list)) {
            poison(gateway, list, damage);
            othersAreServed(gateway);
            assertThat(gateway.fault()).as(damage.name()).isEmpty();
            heal(gateway, list);
        }
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tenants", "keys", "routes"})
    @DisplayName("is refused alone after a start too, with the directory, and from the copy while it is away")
    void atStart(String list) {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Damage damage = damages(list).get(new Random(seed).nextInt(10));
        GatewayModule gateway = gateway("first");
        poison(gateway, list, damage);
        copied("first");
        gateway.close();

        GatewayModule fresh = gateway("second");
        othersAreServed(fresh);
        refused(fresh, list, damage);
        fresh.close();

        sandbox.directory.silent(true);
        GatewayModule again = gateway("first");
        assertThat(status(again, goodKey)).isEqualTo(200);
        refused(again, list, damage);
        sandbox.directory.silent(false);
        othersAreServed(again);
        heal(again, list);
        again.close();
    }

    private void poison(GatewayModule gateway, String list, Damage damage) {
        ObjectNode entry = entry(gateway, list);
        assertThat(answer(gateway, list)).as(damage.name()).isEqualTo(200);
        sandbox.directory.raw(list, written(damage.how().apply(entry)));
        // the largest take the stub itself most of a second
        await().atMost(Duration.ofSeconds(damage.name().contains("huge") ? 10 : 1))
                .untilAsserted(() ->
                        assertThat(answer(gateway, list)).as(damage.name()).isEqualTo(503));
        assertThat(asides.list(10))
                .as(damage.name())
                .extracting(SetAside::record)
                .contains(record(list));
        assertThat(Json.text(asides.list(10))).doesNotContain("x".repeat(300));
    }

    private void refused(GatewayModule gateway, String list, Damage damage) {
        // a route of which nothing is known has no paths
        assertThat(answer(gateway, list)).as(damage.name()).isIn(list.equals("routes") ? 404 : 503, 503);
    }

    private int answer(GatewayModule gateway, String list) {
        return sandbox.get(gateway, oddKey, list.equals("routes") ? "/v2/odd/echo" : PATH)
                .statusCode();
    }

    private void copied(String name) {
        Path copy = sandbox.folder(name).resolve("directory.copy");
        await().ignoreExceptions()
                .untilAsserted(() ->
                        assertThat(Files.readString(copy)).contains("\"version\":" + sandbox.directory.version()));
    }

    private void heal(GatewayModule gateway, String list) {
        sandbox.directory.noRaw();
        switch (list) {
            case "tenants" -> sandbox.directory.changeTenant(odd, entry -> entry);
            case "keys" -> sandbox.directory.changeKey(oddKey, entry -> entry);
            default -> sandbox.directory.route(oddRoute());
        }
        felt(() -> assertThat(answer(gateway, list)).isEqualTo(200));
        assertThat(asides.list(10)).extracting(SetAside::record).doesNotContain(record(list));
    }

    private RouteEntry oddRoute() {
        return Sandbox.open("odd", "/v2/odd", sandbox.service.url());
    }

    private String record(String list) {
        return switch (list) {
            case "tenants" -> odd.value();
            case "keys" -> keyEntry().id().value();
            default -> "odd";
        };
    }

    private KeyEntry keyEntry() {
        return sandbox.directory.keyEntry(oddKey);
    }

    /** The entry as it is, with the next version; the gateway serves by it already. */
    private ObjectNode entry(GatewayModule gateway, String list) {
        ObjectNode node = switch (list) {
            case "tenants" -> tree(sandbox.directory.tenantEntry(odd));
            case "keys" -> tree(keyEntry());
            default -> {
                sandbox.directory.route(oddRoute());
                sandbox.synced(gateway);
                yield tree(oddRoute());
            }
        };
        return node.put("version", sandbox.directory.version() + 1);
    }

    @Test
    @DisplayName("from a free sign-up, the mapped range by which all control stopped, is what its tenant meant")
    void mapped() {
        GatewayModule gateway = gateway("mapped");
        String key = sandbox.directory.key(odd, entry -> addresses(entry, "::ffff:127.0.0.0/104"));

        felt(() -> assertThat(status(gateway, key)).isEqualTo(200));
        othersAreServed(gateway);
        gateway.close();
    }

    @Test
    @DisplayName("with a range that is none takes no other with it, in a change, at a start, and when it is looked up")
    void noRange() {
        GatewayModule gateway = gateway("range");
        String key = sandbox.directory.key(odd, entry -> addresses(entry, "203.0.113.0/120"));

        felt(() -> assertThat(status(gateway, key)).isEqualTo(503));
        othersAreServed(gateway);
        assertThat(status(gateway, oddKey)).isEqualTo(200);
        sandbox.directory.silent(true);
        String second = sandbox.directory.key(odd, entry -> addresses(entry, "203.0.113.0/121"));
        assertThat(status(gateway, second)).isEqualTo(503);
        sandbox.directory.silent(false);
        othersAreServed(gateway);
        gateway.close();
        GatewayModule fresh = gateway("fresh");
        othersAreServed(fresh);
        assertThat(status(fresh, key)).isEqualTo(503);
        fresh.close();
    }

    @Test
    @DisplayName("that nobody can name leads to a whole snapshot, so that what it may have ended is not served on")
    void nameless() {
        GatewayModule gateway = gateway("nameless");
        assertThat(status(gateway, oddKey)).isEqualTo(200);
        sandbox.directory.forget(oddKey);
        sandbox.directory.raw("keys", "{\"id\":[],\"hash\":\"?\"}");

        felt(() -> assertThat(status(gateway, oddKey)).isEqualTo(401));
        othersAreServed(gateway);
        assertThat(asides.list(10)).extracting(SetAside::record).anyMatch(record -> record.startsWith("unnamed key"));
        gateway.close();
    }

    @Test
    @DisplayName("of a release to come, which says more than is known here, is used as far as it is known")
    void more() {
        GatewayModule gateway = gateway("more");
        ObjectNode key = entry(gateway, "keys");
        key.put("colour", "red").putObject("nested").put("deeper", true);
        sandbox.directory.raw("keys", Json.text(key));

        othersAreServed(gateway);
        assertThat(status(gateway, oddKey)).isEqualTo(200);
        assertThat(asides.size()).isZero();
        gateway.close();
    }

    @Test
    @DisplayName("is missed alone when its line of the copy on disk is damaged")
    void damagedCopy() throws IOException {
        GatewayModule gateway = gateway("disk");
        sandbox.synced(gateway);
        Path copy = sandbox.folder("disk").resolve("directory.copy");
        copied("disk");
        gateway.close();
        String id = keyEntry().id().value();
        List<String> lines = Files.readAllLines(copy, StandardCharsets.UTF_8).stream()
                .map(line -> line.contains(id) ? line.replace("gate_live", "gate_lime") : line)
                .toList();
        Files.write(copy, lines);
        sandbox.directory.silent(true);

        GatewayModule again = gateway("disk");
        assertThat(status(again, goodKey)).isEqualTo(200);
        again.close();
    }

    @Test
    @DisplayName("does not keep a gateway from starting on a copy of which nothing is left")
    void noCopy() throws IOException {
        for (String content : List.of("", "\0\0\0", "{", "[]", "null", "{\"version\":1}", "ffffffff K {}\n")) {
            Path folder = sandbox.folder("none" + node++);
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("directory.copy"), content);
            Files.writeString(folder.resolve("directory.json"), content);
            GatewayModule gateway =
                    gateway(Objects.requireNonNull(folder.getFileName()).toString());
            assertThat(status(gateway, goodKey)).isEqualTo(200);
            gateway.close();
        }
    }

    @Test
    @DisplayName("counts once in the list, however often it is met, and says when it was first")
    void once() {
        GatewayModule gateway = gateway("once");
        sandbox.directory.raw("keys", "{\"id\":\"" + keyEntry().id() + "\"}");
        felt(() -> assertThat(asides.size()).isEqualTo(1));
        asides.shelf("gateway.directory").orElseThrow().retry(keyEntry().id().value());

        felt(() -> assertThat(asides.list(10).getFirst().times()).isGreaterThan(1));
        assertThat(asides.size()).isEqualTo(1);
        assertThat(asides.list(10).getFirst().reason().toLowerCase(Locale.ROOT)).isNotBlank();
        gateway.close();
    }

    private static KeyEntry addresses(KeyEntry key, String address) {
        return new KeyEntry(
                key.id(),
                key.tenant(),
                key.hash(),
                key.prefix(),
                key.mode(),
                key.scopes(),
                key.expiresAt(),
                key.revokedAt(),
                List.of(address),
                key.quotaPercent(),
                key.version());
    }

    @Test
    @DisplayName("about a tenant's override, whose limits are none, refuses the tenant and no other")
    void override() {
        GatewayModule gateway = gateway("override");
        sandbox.directory.changeTenant(odd, PoisonTest::noLimit);

        felt(() -> assertThat(status(gateway, oddKey)).isEqualTo(503));
        othersAreServed(gateway);
        gateway.close();
    }

    private static TenantEntry noLimit(TenantEntry t) {
        return new TenantEntry(
                t.id(),
                t.slug(),
                t.name(),
                t.status(),
                t.plan(),
                t.planLimits(),
                new dev.gatehouse.kernel.plan.LimitOverride(0L, null, null, null),
                t.weight(),
                t.maxConcurrent(),
                t.maxQueued(),
                t.pools(),
                t.fields(),
                t.spendCapped(),
                t.version());
    }
}
