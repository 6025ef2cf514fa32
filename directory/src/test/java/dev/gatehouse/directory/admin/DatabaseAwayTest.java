package dev.gatehouse.directory.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.directory.RunningDirectory;
import dev.gatehouse.directory.RunningDirectory.Answer;
import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.engines.Weather;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The admin API, while its database is away,")
final class DatabaseAwayTest {

    @Test
    @DisplayName("says 503 and what is away, changes nothing, and works again when it is back")
    void says() throws Exception {
        String direct = EnginesForTests.newDatabase();
        int port = URI.create(direct.replaceFirst("^jdbc:", "")).getPort();
        try (Weather weather = new Weather(port);
                RunningDirectory running = RunningDirectory.on(
                        DatabaseUrl.parse(direct.replace(":" + port + "/", ":" + weather.port() + "/")), null)) {
            assertThat(create(running, "Before").status()).isEqualTo(201);
            weather.turn(Weather.Kind.REFUSING);
            Answer refused = create(running, "Meanwhile");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.code()).isEqualTo("unavailable");
            assertThat(refused.json().path("detail").asText()).contains("database of admin");
            assertThat(refused.raw().headers().firstValue("retry-after")).isPresent();

            weather.turn(Weather.Kind.FAIR);
            await().atMost(Duration.ofSeconds(30)).until(() -> list(running).status() == 200);
            assertThat(list(running).text()).contains("Before").doesNotContain("Meanwhile");
        }
    }

    private static Answer create(RunningDirectory running, String name) {
        return running.admin("createTenant", "POST", "/tenants", Map.of("name", name, "plan", "growth"));
    }

    private static Answer list(RunningDirectory running) {
        return running.admin("listTenants", "GET", "/tenants", null);
    }
}
