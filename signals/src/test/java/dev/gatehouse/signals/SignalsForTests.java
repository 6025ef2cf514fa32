package dev.gatehouse.signals;

import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.engines.ServiceForTests;
import dev.gatehouse.engines.ServiceForTests.Answer;
import dev.gatehouse.engines.ServiceForTests.Caller;
import dev.gatehouse.kernel.event.DomainEvent;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;

/** The service over real engines and real HTTP, fed by hand; every answer is held against the description. */
final class SignalsForTests implements AutoCloseable {
    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    final SettableClock clock = new SettableClock(START);
    final String database = EnginesForTests.newDatabase();
    final Vertx vertx = Vertx.vertx();
    final Queues queues = Queues.connect(Optional.of(URI.create(EnginesForTests.queue())), "us-east-1");
    final FeedByHand feed;
    final Caller acme = Caller.live();
    SignalsModule module;
    private URI uri;
    private int looks;
    private final ServiceForTests service =
            new ServiceForTests("signals", () -> uri, clock, List.of(SignalsModule.description()));

    SignalsForTests() throws SQLException, IOException {
        this(1, List.of());
    }

    /** @param before what is in the feed before the service is there */
    SignalsForTests(long seed, List<DomainEvent> before) throws SQLException, IOException {
        feed = new FeedByHand(queues, seed);
        feed.add(before);
        module = SignalsModule.open(DatabaseUrl.parse(database), ServiceForTests.SECRETS, clock);
        uri = module.serve(vertx, 0);
        module.follow(feed, queues, feed::snapshot);
        if (before.isEmpty()) {
            // what a test lets happen comes after the snapshot
            settle();
        }
    }

    void restart() throws SQLException, IOException {
        module.close();
        module = SignalsModule.open(DatabaseUrl.parse(database), ServiceForTests.SECRETS, clock);
        uri = module.serve(vertx, 0);
        module.follow(feed, queues, feed::snapshot);
    }

    /** Lets events happen and waits until they are in the figures. */
    void happen(DomainEvent... events) {
        feed.add(List.of(events));
        settle();
    }

    /** Waits until all that happened is in the figures, and all that is to be told is told. */
    void settle() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(120))
                .pollInterval(Duration.ofMillis(20))
                .until(this::isSettled);
    }

    private boolean isSettled() {
        boolean settled = sql("""
                        SELECT (SELECT coalesce(max(sequence), -1) FROM signals.feed_cursor)
                            || ' ' || (SELECT count(*) FROM signals.filling WHERE past_at < quiet_until)
                            || ' ' || (SELECT count(*) FROM signals.outbox)
                        """).equals(List.of(feed.last() + " 0 0"));
        if (!settled && ++looks % 50 == 0) {
            feed.remind();
        }
        return settled;
    }

    Answer get(String path) {
        return get(acme, path);
    }

    Answer get(Caller caller, String path) {
        return call(caller, "GET", path, "");
    }

    Answer call(Caller caller, String method, String path, String body, String... headers) {
        if (body.isEmpty()) {
            return service.call(caller, method, path, body, headers);
        }
        String[] all = Arrays.copyOf(headers, headers.length + 2);
        all[headers.length] = "Content-Type";
        all[headers.length + 1] = "application/json";
        return service.call(caller, method, path, body, all);
    }

    Answer internal(String path) {
        return service.internal("GET", path, "");
    }

    Answer getFromNobody(String path) {
        return service.fromNobody(path);
    }

    /** The description's examples that no test-mode key is answered. */
    List<String> untrueExamples() {
        return service.untrueExamples();
    }

    /** The first column of what a query finds, as text. */
    List<String> sql(String query) {
        try (Connection connection = DriverManager.getConnection(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Breaks every connection that the service has at the moment. */
    void breakConnections() {
        sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gatehouse-signals'"
                + " AND datname = current_database()");
    }

    /** All figures, a line a row. */
    List<String> figures() {
        List<String> rows = new ArrayList<>(sql("SELECT m::text FROM signals.market_month m ORDER BY area, month"));
        rows.addAll(sql("SELECT p::text FROM signals.market_period p WHERE median_price IS NOT NULL"
                + " ORDER BY area, period, start"));
        rows.addAll(sql("SELECT area FROM signals.area ORDER BY area"));
        return rows;
    }

    /** All signals, a line each, without when they were raised. */
    List<String> signals(String where) {
        return sql(
                "SELECT id || ' ' || type || ' ' || severity || ' ' || (signal - 'raisedAt')::text FROM signals.signal"
                        + " WHERE " + where + " ORDER BY id");
    }

    @Override
    public void close() {
        module.close();
        queues.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
