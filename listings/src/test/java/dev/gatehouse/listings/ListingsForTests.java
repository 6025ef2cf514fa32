package dev.gatehouse.listings;

import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.engines.ServiceForTests;
import dev.gatehouse.engines.ServiceForTests.Answer;
import dev.gatehouse.engines.ServiceForTests.Caller;
import dev.gatehouse.kernel.time.SettableClock;
import dev.gatehouse.runtime.redis.Redis;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The service over real engines and real HTTP; every answer of a described operation is held against its description. */
final class ListingsForTests implements AutoCloseable {
    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    final SettableClock clock = new SettableClock(START);
    final String database = EnginesForTests.newDatabase();
    final ListingsModule module;
    private final Caller acme = Caller.live();
    private final Redis redis = Redis.connect(EnginesForTests.redis());
    private final Vertx vertx = Vertx.vertx();
    private final ServiceForTests service;

    ListingsForTests() throws SQLException, IOException {
        module = ListingsModule.open(DatabaseUrl.parse(database), redis, ServiceForTests.SECRETS, clock);
        URI uri = module.serve(vertx);
        service = new ServiceForTests("listings", () -> uri, clock, List.of(ListingsModule.v1(), ListingsModule.v2()));
    }

    Answer get(String path, String... headers) {
        return service.call(acme, "GET", path, "", headers);
    }

    /** By a test-mode key. */
    Answer getTesting(String path) {
        return service.call(acme.testing(), "GET", path, "");
    }

    Answer getWithFields(Set<String> fields, String path) {
        return service.call(acme.with(fields.toArray(String[]::new)), "GET", path, "");
    }

    Answer post(String path, String body) {
        return service.call(acme, "POST", path, body, "Content-Type", "application/json");
    }

    Answer putInternal(String path, String body) {
        return service.internal("PUT", path, body);
    }

    Answer getInternal(String path) {
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

    List<String> eventTypes() {
        return sql(
                "SELECT event->>'type' FROM listings.outbox, jsonb_array_elements(events) WITH ORDINALITY AS e(event, n)"
                        + " ORDER BY position, n");
    }

    @Override
    public void close() {
        module.close();
        redis.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
