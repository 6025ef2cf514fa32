package dev.gatehouse.bench.webhooks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.bench.webhooks.store.Outcome;
import dev.gatehouse.bench.webhooks.store.Producer;
import dev.gatehouse.engines.Durability;
import dev.gatehouse.engines.EmbeddedPostgres;
import dev.gatehouse.engines.EmbeddedQueue;
import dev.gatehouse.events.EventsModule;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.runtime.feed.Feed;
import dev.gatehouse.runtime.http.HttpCaller;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.outbox.OutboxRelay;
import dev.gatehouse.runtime.queue.Queues;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import dev.gatehouse.webhooks.Endpoint;
import dev.gatehouse.webhooks.NewEndpoint;
import dev.gatehouse.webhooks.Webhooks;
import dev.gatehouse.webhooks.WebhooksModule;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** All that a delivery passes in this process, as {@code gatehouse up} has it, and receivers in another. */
final class Rig implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final EmbeddedPostgres postgres;
    private final EmbeddedQueue queue = EmbeddedQueue.start();
    private final Queues queues = Pieces.queues(queue.url());
    private final EventsModule events;
    private final OutboxRelay relay;
    private final WebhooksModule module;
    private final HttpCaller caller = new HttpCaller(vertx, Duration.ofSeconds(30));
    private final Process receiver;
    private final URI receiverUri;
    final Producer producer;
    final Outcome outcome;

    Rig(Path folder) throws SQLException, IOException {
        postgres = EmbeddedPostgres.start(folder.resolve("postgres"), Durability.DURABLE);
        DatabaseUrl url = DatabaseUrl.parse(postgres.url());
        events = Pieces.events(url, queues, vertx, 0);
        Feed feed = Pieces.feed(events.uri(), vertx);
        producer = Producer.open(url);
        relay = Pieces.relay(producer, feed);
        module = Pieces.webhooks(url, queues, vertx, feed, 0);
        outcome = Outcome.open(url);
        receiver = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ReceiverProcess.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        receiverUri = URI.create("http://127.0.0.1:" + port(receiver.inputReader(StandardCharsets.UTF_8)));
    }

    /** A log may come before the line that says it. */
    private static String port(BufferedReader out) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(ReceiverProcess.PORT)) {
                return line.substring(ReceiverProcess.PORT.length());
            }
        }
        throw new IOException("the receivers' process ended before it listened");
    }

    Webhooks webhooks() {
        return module.webhooks();
    }

    Endpoint endpoint(String path, String... types) {
        TenantId tenant = TenantId.next(InstantSource.system());
        return webhooks()
                .create(tenant, NewEndpoint.of(receiverUri + path, types))
                .endpoint();
    }

    /** What a path got since it was last asked. @param p50 and p99 in milliseconds from the event */
    record Stats(int count, double seconds, double p50, double p99, double most) {}

    Stats stats(String path) throws IOException {
        JsonNode said = Json.read(
                caller.get(URI.create(receiverUri + "/stats" + path), Map.of()).body(), JsonNode.class);
        return new Stats(
                said.path("count").asInt(),
                said.path("seconds").asDouble(),
                said.path("p50").asDouble(),
                said.path("p99").asDouble(),
                said.path("most").asDouble());
    }

    /** Processor time of this process: feed, relay, queue and worker, without database and receiver. */
    static double cpuSeconds() {
        return ProcessHandle.current()
                        .info()
                        .totalCpuDuration()
                        .orElse(Duration.ZERO)
                        .toNanos()
                / 1e9;
    }

    double databaseCpuSeconds() {
        return ProcessHandle.of(postgres.pid()).stream()
                        .flatMap(server -> Stream.concat(Stream.of(server), server.descendants()))
                        .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                        .mapToLong(Duration::toNanos)
                        .sum()
                / 1e9;
    }

    static void await(Duration atMost, BooleanSupplier done) throws InterruptedException, IOException {
        long end = System.nanoTime() + atMost.toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IOException("not done after " + atMost);
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    @Override
    public void close() {
        module.close();
        relay.close();
        outcome.close();
        producer.close();
        events.close();
        caller.close();
        queues.close();
        queue.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        postgres.close();
        receiver.destroyForcibly();
    }
}
