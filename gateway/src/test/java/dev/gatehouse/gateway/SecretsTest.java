package dev.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.key.ApiKey;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.plan.Limits;
import java.io.IOException;
import java.net.http.HttpRequest;
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
            String known = sandbox.directory.key(sandbox.directory.tenant("secrets", new Limits(1_000, 1_000, 1_000)));
            String unknown = ApiKey.generate(KeyMode.LIVE);
            String mistyped = known.substring(0, known.length() - 1) + (known.endsWith("a") ? 'b' : 'a');
            GatewayModule gateway = sandbox.gateway("secrets");
            sandbox.synced(gateway);
            List<String> keys = List.of(known, unknown, mistyped);
            for (String key : keys) {
                call(sandbox, gateway, "/v2/things/echo", "Authorization", "Bearer " + key);
                call(sandbox, gateway, "/v2/things/echo", "Authorization", "Basic " + key);
                call(sandbox, gateway, "/v2/things/echo", "X-API-Key", key);
                call(sandbox, gateway, "/v2/things/drop", "X-API-Key", key);
                call(sandbox, gateway, "/v2/things/echo?apiKey=" + key, "X-API-Key", known);
                call(sandbox, gateway, "/v2/things/" + key, "X-API-Key", known);
                call(sandbox, gateway, "/nowhere/" + key + "/x", "X-Request-ID", key);
            }
            Path access = sandbox.folder("secrets").resolve("access.log");
            await().untilAsserted(() -> assertThat(Files.readAllLines(access)).hasSizeGreaterThanOrEqualTo(21));
            List<String> written = new ArrayList<>();
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

    private static void call(Sandbox sandbox, GatewayModule gateway, String path, String header, String value) {
        sandbox.send(HttpRequest.newBuilder(sandbox.uri(gateway, path)).header(header, value));
    }
}
