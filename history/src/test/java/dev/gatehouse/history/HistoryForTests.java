package dev.gatehouse.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.engines.ServiceForTests;
import dev.gatehouse.engines.ServiceForTests.Answer;
import dev.gatehouse.engines.ServiceForTests.Caller;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.time.SettableClock;
import dev.gatehouse.runtime.queue.Queues;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
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
    final SettableClock clock = new SettableClock(FeedByHand.RECORDED);
    final Queues queues = Queues.connect(Optional.of(URI.create(EnginesForTests.queue())), "us-east-1");
    final FeedByHand feed = new FeedByHand(queues);
    private final String database = EnginesForTests.newDatabase();
    private final Vertx vertx = Vertx.vertx();
    private HistoryModule module;
    private final ServiceForTests service =
            new ServiceForTests("history", () -> module.uri(), clock, List.of(HistoryModule.v1(), HistoryModule.v2()));

    HistoryForTests() throws SQLException, IOException {
        module = start();
    }

    private HistoryModule start() throws SQLException, IOException {
        return HistoryModule.start(
                new HistoryModule.Parts(DatabaseUrl.parse(database), queues, vertx, ServiceForTests.SECRETS, clock),
                feed,
                0);
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
        return service.call(new Caller(TenantId.next(clock), mode, fields), "GET", path, "");
    }

    /** The description's examples that no test-mode key is answered. */
    List<String> untrueExamples() {
        return service.untrueExamples();
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
