package dev.gatehouse.listings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.kernel.identity.IdentitySeal;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.time.SettableClock;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.api.ApiOperation;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.redis.Redis;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The service over real engines and real HTTP; every answer of a described operation is held against its description. */
final class ListingsForTests implements AutoCloseable {
    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final InternalSecrets SECRETS =
            new InternalSecrets("a test's master secret, 32 bytes and more".getBytes(StandardCharsets.UTF_8));

    record Answer(int status, HttpResponse<String> raw) {
        JsonNode json() {
            return Json.tree(raw.body());
        }

        String header(String name) {
            return raw.headers().firstValue(name).orElse("");
        }
    }

    final SettableClock clock = new SettableClock(START);
    final String database = EnginesForTests.newDatabase();
    final ListingsModule module;
    private final Redis redis = Redis.connect(EnginesForTests.redis());
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = HttpClient.newHttpClient();
    private final URI uri;

    ListingsForTests() throws SQLException, IOException {
        module = ListingsModule.open(DatabaseUrl.parse(database), redis, SECRETS, clock);
        uri = module.serve(vertx);
    }

    Answer get(String path, String... headers) {
        return call("GET", path, "", Set.of("*"), headers);
    }

    Answer getWithFields(Set<String> fields, String path) {
        return call("GET", path, "", fields);
    }

    Answer post(String path, String body) {
        return call("POST", path, body, Set.of("*"), "Content-Type", "application/json");
    }

    Answer putInternal(String path, String body) {
        return send(HttpRequest.newBuilder(uri.resolve(path))
                .header(InternalSecrets.PROCESS_HEADER, SECRETS.processToken())
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    Answer getInternal(String path) {
        return send(HttpRequest.newBuilder(uri.resolve(path))
                .header(InternalSecrets.PROCESS_HEADER, SECRETS.processToken()));
    }

    Answer getFromNobody(String path) {
        return send(HttpRequest.newBuilder(uri.resolve(path)));
    }

    private Answer call(String method, String path, String body, Set<String> fields, String... headers) {
        CallerIdentity caller = new CallerIdentity(
                new TenantId(PrefixedId.next("tnt", clock)),
                "acme-corp",
                "growth",
                new KeyId(PrefixedId.next("key", clock)),
                KeyMode.LIVE,
                Set.of("*"),
                fields,
                "req_1",
                clock.instant());
        HttpRequest.Builder request = HttpRequest.newBuilder(uri.resolve(path))
                .header(IdentitySeal.HEADER, new IdentitySeal(SECRETS.identityKey()).seal(caller))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        Answer answer = send(request);
        checked(method, path.split("\\?", 2)[0], answer);
        return answer;
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

    private static void checked(String method, String path, Answer answer) {
        for (ApiDescription description : List.of(ListingsModule.v1(), ListingsModule.v2())) {
            for (ApiOperation operation : description.operations()) {
                String pattern = operation.path().replaceAll("\\{[^}]+}", "(?!search)[^/]+");
                if (operation.method().equals(method) && path.matches(pattern)) {
                    assertThat(description.faults(
                                    operation.id(),
                                    answer.status(),
                                    answer.header("content-type"),
                                    answer.raw().body()))
                            .as("%s %s answered %s", method, path, answer.raw().body())
                            .isEmpty();
                }
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
