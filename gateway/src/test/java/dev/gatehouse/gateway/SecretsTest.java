package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.ApiKey;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.kernel.usage.UsageStreams;
import io.lettuce.core.RedisClient;
import io.lettuce.core.codec.StringCodec;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@DisplayName("A key")
class SecretsTest {

    @Test
    @DisplayName("is in no log and no file, wherever a caller puts it")
    void nowhere() throws IOException {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger ours = (Logger) LoggerFactory.getLogger("dev.gatehouse");
        Level before = ours.getLevel();
        ours.setLevel(Level.DEBUG);
        log.start();
        ours.addAppender(log);
        try (Sandbox sandbox = new Sandbox()) {
            TenantId tenant = sandbox.directory.tenant("secrets", new Limits(1_000, 1_000, 1_000));
            String known = sandbox.directory.key(tenant);
            String unknown = ApiKey.generate(KeyMode.LIVE);
            String mistyped = known.substring(0, known.length() - 1) + (known.endsWith("a") ? 'b' : 'a');
            GatewayModule gateway = sandbox.gateway("secrets");
            sandbox.synced(gateway);
            List<String> keys = List.of(known, unknown, mistyped);
            List<String> told = new ArrayList<>();
            for (String key : keys) {
                call(sandbox, gateway, "/v2/things/echo", "Authorization", "Bearer " + key);
                call(sandbox, gateway, "/v2/things/echo", "Authorization", "Basic " + key);
                call(sandbox, gateway, "/v2/things/echo", "X-API-Key", key);
                call(sandbox, gateway, "/v2/things/drop", "X-API-Key", key);
                call(sandbox, gateway, "/v2/things/echo?apiKey=" + key, "X-API-Key", known);
                call(sandbox, gateway, "/v2/things/" + key, "X-API-Key", known);
                call(sandbox, gateway, "/nowhere/" + key + "/x", "X-Request-ID", key);
                told.add(call(sandbox, gateway, "/nowhere/" + key, "X-API-Key", known));
                told.add(call(sandbox, gateway, "/nowhere/" + key.replace("_", "%5F"), "X-API-Key", known));
                told.add(call(sandbox, gateway, "/nowhere/a" + key + "b?" + key, "X-API-Key", known));
                told.add(call(sandbox, gateway, "/v2/things/echo;" + key, "X-API-Key", known));
                call(sandbox, gateway, "/v2/things/echo?" + key + "=1&select=" + key, "X-API-Key", known);
                call(sandbox, gateway, "/v2/things/drop?" + key, "X-API-Key", known);
                call(sandbox, gateway, "/v2/things/echo", "X-Request-ID", "x" + key);
            }
            Path access = sandbox.folder("secrets").resolve("access.log");
            await().untilAsserted(() -> assertThat(Files.readAllLines(access)).hasSizeGreaterThanOrEqualTo(42));
            List<String> written = new ArrayList<>(told);
            await().untilAsserted(() -> {
                List<String> kept = refused(tenant);
                // four of each key for which the caller was known
                assertThat(kept).hasSizeGreaterThanOrEqualTo(9);
                assertThat(kept).noneMatch(record -> keys.stream().anyMatch(key -> record.contains(key.substring(10))));
            });
            written.addAll(refused(tenant));
            for (ILoggingEvent event : List.copyOf(log.list)) {
                written.add(event.getFormattedMessage());
            }
            try (Stream<Path> files = Files.walk(sandbox.folder("secrets"))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    written.add(Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
            for (String key : keys) {
                // the part by which a person knows it may stand there, the rest may not
                assertThat(written).noneMatch(text -> text.contains(key.substring(18)));
            }
        } finally {
            ours.detachAppender(log);
            ours.setLevel(before);
        }
    }

    /** The records of refused calls, as they lie in Redis. */
    private static List<String> refused(TenantId tenant) {
        RedisClient client = RedisClient.create(EnginesForTests.redis());
        try {
            return client.connect(StringCodec.ASCII).sync().lrange(UsageStreams.refused(tenant), 0, -1);
        } finally {
            client.shutdown();
        }
    }

    private static String call(Sandbox sandbox, GatewayModule gateway, String path, String header, String value) {
        HttpResponse<String> answer =
                sandbox.send(HttpRequest.newBuilder(sandbox.uri(gateway, path)).header(header, value));
        return answer.headers().map() + answer.body();
    }
}
