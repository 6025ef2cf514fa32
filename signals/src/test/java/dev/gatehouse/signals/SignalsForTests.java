package dev.gatehouse.signals;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.kernel.event.DomainEvent;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;

/** The service over real engines and real HTTP, fed by hand; every answer is held against the description. */
final class SignalsForTests implements AutoCloseable {
    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final InternalSecrets SECRETS =
            new InternalSecrets("a test's master secret, 32 bytes and more".getBytes(StandardCharsets.UTF_8));
    private static final ApiDescription DESCRIPTION = SignalsModule.description();

    record Answer(int status, HttpResponse<String> raw) {
        JsonNode json() {
            return Json.tree(raw.body());
        }

        String header(String name) {
            return raw.headers().firstValue(name).orElse("");
        }
    }

    /** Who calls. */
    record Caller(TenantId tenant, KeyMode mode, Set<String> fields) {
        Caller with(String... groups) {
            return new Caller(tenant, mode, Set.copyOf(Arrays.asList(groups)));
        }

        Caller testing() {
            return new Caller(tenant, KeyMode.TEST, fields);
        }
    }

    final SettableClock clock = new SettableClock(START);
    final String database = EnginesForTests.newDatabase();
    final Vertx vertx = Vertx.vertx();
    final Queues queues = Queues.connect(Optional.of(URI.create(EnginesForTests.queue())), "us-east-1");
    final FeedByHand feed;
    final Caller acme = new Caller(TenantId.next(clock), KeyMode.LIVE, Set.of("*"));
    SignalsModule module;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private URI uri;
    private int looks;

    SignalsForTests() throws SQLException, IOException {
        this(1, List.of());
    }

    /** @param before what is in the feed before the service is there */
    SignalsForTests(long seed, List<DomainEvent> before) throws SQLException, IOException {
        feed = new FeedByHand(queues, seed);
        feed.add(before);
        module = SignalsModule.open(DatabaseUrl.parse(database), SECRETS, clock);
        uri = module.serve(vertx, 0);
        module.follow(feed, queues, feed::snapshot);
        if (before.isEmpty()) {
            // what a test lets happen comes after the snapshot
            settle();
        }
    }

    void restart() throws SQLException, IOException {
        module.close();
        module = SignalsModule.open(DatabaseUrl.parse(database), SECRETS, clock);
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
        CallerIdentity identity = new CallerIdentity(
                caller.tenant(),
                "acme-corp",
                "growth",
                KeyId.next(clock),
                caller.mode(),
                Set.of("*"),
                caller.fields(),
                "req_1",
                clock.instant());
        HttpRequest.Builder request = HttpRequest.newBuilder(uri.resolve(path))
                .header(IdentitySeal.HEADER, new IdentitySeal(SECRETS.identityKey()).seal(identity))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        Answer answer = send(request);
        check(method, path.split("\\?", 2)[0], answer);
        return answer;
    }

    Answer internal(String path) {
        return send(HttpRequest.newBuilder(uri.resolve(path))
                .header(InternalSecrets.PROCESS_HEADER, SECRETS.processToken()));
    }

    Answer getFromNobody(String path) {
        return send(HttpRequest.newBuilder(uri.resolve(path)));
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void check(String method, String path, Answer answer) {
        for (ApiOperation operation : DESCRIPTION.operations()) {
            String pattern = operation.path().replaceAll("\\{[^}]+}", "[^/]+");
            if (operation.method().equals(method) && path.matches(pattern)) {
                assertThat(DESCRIPTION.faults(
                                operation.id(),
                                answer.status(),
                                answer.header("content-type"),
                                answer.raw().body()))
                        .as("%s %s answered %s", method, path, answer.raw().body())
                        .isEmpty();
            }
        }
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
