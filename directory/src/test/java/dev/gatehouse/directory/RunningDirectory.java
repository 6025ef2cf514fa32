package dev.gatehouse.directory;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.directory.admin.AdminApi;
import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.kernel.directory.DirectorySnapshot;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.kernel.time.SettableClock;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.redis.Redis;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A directory on a database of its own, spoken to over HTTP. Every answer of the admin API is held against its description. */
public final class RunningDirectory implements AutoCloseable {
    public static final String OWNER = "owner-token-of-the-tests";
    public static final InternalSecrets SECRETS = new InternalSecrets(new byte[32]);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** @param body JSON, or null for none */
    public record Answer(int status, String text, HttpResponse<String> raw) {
        public JsonNode json() {
            return Json.tree(text);
        }

        public String code() {
            return json().path("code").asText();
        }
    }

    private final Vertx vertx = Vertx.vertx();
    private final Redis redis = Redis.connect(EnginesForTests.redis());
    private final DatabaseUrl database;
    private final DirectoryModule module;
    public final SettableClock clock = new SettableClock(Instant.parse("2026-03-01T12:00:00Z"));

    private RunningDirectory(DatabaseUrl database, @Nullable Path plans) throws Exception {
        this.database = database;
        module =
                DirectoryModule.open(new DirectorySettings("127.0.0.1", 0, 0, plans, OWNER, 4), database, redis, clock);
        module.serve(vertx, SECRETS, Map.of());
    }

    public static RunningDirectory start() throws Exception {
        return on(DatabaseUrl.parse(EnginesForTests.newDatabase()), null);
    }

    /** @param plans null for the bundled plans */
    public static RunningDirectory on(DatabaseUrl database, @Nullable Path plans) throws Exception {
        return new RunningDirectory(database, plans);
    }

    public DatabaseUrl database() {
        return database;
    }

    public DirectoryModule module() {
        return module;
    }

    public Directory directory() {
        return module.directory();
    }

    public Redis redis() {
        return redis;
    }

    /** As the owner. */
    public Answer admin(String operation, String method, String path, @Nullable Object body) {
        return admin(operation, method, path, body, Map.of("Authorization", "Bearer " + OWNER));
    }

    public Answer admin(
            String operation, String method, String path, @Nullable Object body, Map<String, String> headers) {
        Answer answer = send(module.adminUri().resolve("/admin/v1" + path), method, body, headers);
        List<String> faults = AdminApi.description()
                .faults(
                        operation,
                        answer.status,
                        answer.raw.headers().firstValue("content-type").orElse(""),
                        answer.text);
        if (!faults.isEmpty()) {
            throw new AssertionError(
                    method + " " + path + " answered against its description: " + faults + "\n" + answer.text);
        }
        return answer;
    }

    public Answer internal(String method, String path, @Nullable Object body) {
        return send(
                module.internalUri().resolve(path),
                method,
                body,
                Map.of(InternalSecrets.PROCESS_HEADER, SECRETS.processToken()));
    }

    public DirectorySnapshot changesAfter(long version) {
        Answer answer = internal("GET", "/internal/directory/changes?after=" + version, null);
        if (answer.status == 204) {
            return new DirectorySnapshot(version, version, List.of(), List.of(), List.of(), List.of());
        }
        return Json.read(answer.text, DirectorySnapshot.class);
    }

    public static Answer send(URI uri, String method, @Nullable Object body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(Json.bytes(body)));
        headers.forEach(request::header);
        try {
            HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body(), response);
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws Exception {
        module.close();
        redis.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
