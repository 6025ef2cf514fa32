package dev.gatehouse.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.kernel.identity.IdentitySeal;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.time.SettableClock;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.api.ApiOperation;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.queue.Queues;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The service over real engines and real HTTP; every answer of a described operation is held against its description. */
final class HistoryForTests implements AutoCloseable {
    private static final InternalSecrets SECRETS =
            new InternalSecrets("a test's master secret, 32 bytes and more".getBytes(StandardCharsets.UTF_8));

    record Answer(int status, HttpResponse<String> raw) {
        JsonNode json() {
            return Json.tree(raw.body());
        }
    }

    final SettableClock clock = new SettableClock(FeedByHand.RECORDED);
    final Queues queues = Queues.connect(Optional.of(URI.create(EnginesForTests.queue())), "us-east-1");
    final FeedByHand feed = new FeedByHand(queues);
    private final String database = EnginesForTests.newDatabase();
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    private HistoryModule module;

    HistoryForTests() throws SQLException, IOException {
        module = start();
    }

    private HistoryModule start() throws SQLException, IOException {
        return HistoryModule.start(
                new HistoryModule.Parts(DatabaseUrl.parse(database), queues, vertx, SECRETS, clock), feed, 0);
    }

    void restart() throws SQLException, IOException {
        module.close();
        module = start();
    }

    /** Waits until all of the feed is applied. */
    void caughtUp() {
        feed.tell();
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(number("SELECT coalesce(max(sequence), 0) FROM history.feed_cursor"))
                        .isEqualTo(feed.size()));
    }

    Answer get(String path) {
        return get(path, KeyMode.LIVE, Set.of("*"));
    }

    Answer get(String path, KeyMode mode, Set<String> fields) {
        CallerIdentity caller = new CallerIdentity(
                TenantId.next(clock),
                "acme-corp",
                "growth",
                KeyId.next(clock),
                mode,
                Set.of("*"),
                fields,
                "req_1",
                clock.instant());
        try {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(module.uri().resolve(path))
                            .header(IdentitySeal.HEADER, new IdentitySeal(SECRETS.identityKey()).seal(caller))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            Answer answer = new Answer(response.statusCode(), response);
            checked(path.split("\\?", 2)[0], answer);
            return answer;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void checked(String path, Answer answer) {
        int described = 0;
        for (ApiDescription description : List.of(HistoryModule.v1(), HistoryModule.v2())) {
            for (ApiOperation operation : description.operations()) {
                if (path.matches(operation.path().replaceAll("\\{[^}]+}", "[^/]+"))) {
                    described++;
                    assertThat(description.faults(
                                    operation.id(),
                                    answer.status(),
                                    answer.raw()
                                            .headers()
                                            .firstValue("content-type")
                                            .orElse(""),
                                    answer.raw().body()))
                            .as("%s answered %s", path, answer.raw().body())
                            .isEmpty();
                }
            }
        }
        assertThat(described).as(path).isPositive();
    }

    long number(String query) {
        try (Connection connection = DriverManager.getConnection(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        module.close();
        queues.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
