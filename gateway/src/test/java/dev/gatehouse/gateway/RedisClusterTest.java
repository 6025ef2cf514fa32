package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.engines.EmbeddedRedis;
import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.kernel.usage.UsageStreams;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.SlotHash;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway speaks to one server: what it does when that has become a node of a cluster and a slot is elsewhere. */
@DisplayName("A gateway whose Redis is a node of a cluster")
class RedisClusterTest {
    private static final String CALL = "/v2/things/echo";
    private static final int BUCKET = 20;
    private static final int DAILY = 1_000;

    @TempDir
    private static Path folder;

    private static List<EmbeddedRedis> nodes;
    private static Sandbox sandbox;
    private static GatewayModule gateway;

    @BeforeAll
    static void start() {
        nodes = EnginesForTests.ownRedisCluster(folder, 3);
        // all but two slots on the node that the gateway knows: a node with none becomes a replica
        on(
                0,
                commands -> commands.clusterAddSlots(
                        IntStream.range(2, SlotHash.SLOT_COUNT).toArray()));
        for (int i = 1; i < nodes.size(); i++) {
            int slot = i - 1;
            int port = nodes.get(i).port();
            on(i, commands -> commands.clusterAddSlots(slot));
            on(0, commands -> commands.clusterMeet("127.0.0.1", port));
        }
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            for (int i = 0; i < nodes.size(); i++) {
                String info = on(i, commands -> commands.clusterInfo());
                assertThat(info).contains("cluster_state:ok").contains("cluster_known_nodes:3");
            }
        });
        sandbox = new Sandbox(nodes.getFirst().url());
        gateway = sandbox.gateway("clustered");
    }

    @AfterAll
    static void stop() {
        sandbox.close();
        nodes.forEach(EmbeddedRedis::close);
    }

    private static <T> T on(int node, Function<RedisCommands<String, String>, T> deed) {
        RedisClient client = RedisClient.create(nodes.get(node).url());
        try (var connection = client.connect()) {
            return deed.apply(connection.sync());
        } finally {
            client.shutdown();
        }
    }

    private static HttpResponse<String> call(String key) {
        return sandbox.get(gateway, key, CALL);
    }

    private static boolean isExact(HttpResponse<String> answer) {
        return answer.headers().firstValue("gatehouse-degraded").isEmpty();
    }

    @Test
    @DisplayName("decides for itself within the bound while a tenant's slot is on another node, and fails no call")
    void moved() {
        TenantId tenant = sandbox.directory.tenant("moved", new Limits(DAILY, 1, BUCKET));
        String key = sandbox.directory.key(tenant);
        await().until(() -> isExact(call(key)));
        int slot = SlotHash.getSlot(UsageStreams.levels(tenant));
        move(slot, 0, 1);
        int admitted = 0;
        try {
            long slowest = 0;
            for (int i = 0; i < 100; i++) {
                long before = System.nanoTime();
                HttpResponse<String> answer = call(key);
                slowest = Math.max(slowest, System.nanoTime() - before);
                assertThat(answer.statusCode()).isIn(200, 429);
                // never by a Redis that does not know the tenant's levels
                assertThat(isExact(answer)).isFalse();
                admitted += answer.statusCode() == 200 ? 1 : 0;
            }
            assertThat(admitted).isBetween(1, BUCKET + DAILY / 100);
            assertThat(Duration.ofNanos(slowest)).isLessThan(Duration.ofMillis(400));
        } finally {
            move(slot, 1, 0);
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> isExact(call(key)));
    }

    /** As a resharding does: announced on both sides, keys carried over, then told to all. */
    private static void move(int slot, int from, int to) {
        String source = on(from, commands -> commands.clusterMyId());
        String target = on(to, commands -> commands.clusterMyId());
        on(to, commands -> commands.clusterSetSlotImporting(slot, source));
        on(from, commands -> commands.clusterSetSlotMigrating(slot, target));
        // while it is under way, what is not there any more is answered by ASK
        for (String key : on(from, commands -> commands.clusterGetKeysInSlot(slot, 100))) {
            on(from, commands -> commands.del(key));
        }
        for (int node = 0; node < nodes.size(); node++) {
            on(node, commands -> commands.clusterSetSlotNode(slot, target));
        }
    }
}
