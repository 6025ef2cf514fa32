package dev.gatehouse.bench.webhooks;

import dev.gatehouse.bench.webhooks.store.Outcome;
import dev.gatehouse.bench.webhooks.store.Producer;
import dev.gatehouse.engines.FreePort;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.runtime.http.HttpCaller;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;

/**
 * Kills the workers, the relay, the feed, the queue and the database without warning, at moments that a seed decides,
 * while events are said; then holds what the receivers got and what the database says against what was committed.
 */
final class CrashBench {
    private static final Duration SETTLING = Duration.ofMinutes(6);
    private static final InstantSource CLOCK = InstantSource.system();

    private final long seed;
    private final int killings;
    private final Random chance;
    private final Map<String, Integer> kills = new TreeMap<>();
    private final Map<String, Wanted> endpoints = new LinkedHashMap<>();
    private int unknown;

    CrashBench(long seed, int killings) {
        this.seed = seed;
        this.killings = killings;
        this.chance = new Random(seed);
    }

    /** Something that can be killed. */
    private record Victim(String name, Step kill, Step startAgain) {}

    @FunctionalInterface
    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    CrashReport run(Path folder) throws Exception {
        Vertx vertx = Vertx.vertx();
        List<Wanted> wanted = wanted();
        Map<String, IntUnaryOperator> answers = new LinkedHashMap<>();
        wanted.forEach(one -> answers.put(one.path(), one.status()));
        Path logs = Files.createDirectories(folder.resolve("logs"));
        int queuePort = FreePort.find();
        int eventsPort = FreePort.find();
        int workerPort = FreePort.find();
        String queue = "http://127.0.0.1:" + queuePort;
        String feed = "http://127.0.0.1:" + eventsPort;
        try (KillableDatabase database = new KillableDatabase(folder.resolve("postgres"));
                KillableProcess queues = KillableProcess.start("queue", logs, "queue", "" + queuePort);
                KillableProcess events =
                        KillableProcess.start("events", logs, "events", "" + eventsPort, database.url(), queue);
                KillableProcess relay = KillableProcess.start("relay", logs, "relay", database.url(), feed);
                KillableProcess one = KillableProcess.start(
                        "worker-1", logs, "worker", "" + workerPort, database.url(), queue, feed);
                KillableProcess two =
                        KillableProcess.start("worker-2", logs, "worker", "0", database.url(), queue, feed);
                CountingReceiver receiver = new CountingReceiver(vertx, answers);
                Producer producer = Producer.open(DatabaseUrl.parse(database.url()));
                Outcome outcome = Outcome.open(DatabaseUrl.parse(database.url()))) {
            makeEndpoints(vertx, URI.create("http://127.0.0.1:" + workerPort), receiver, wanted);
            List<Victim> victims = new ArrayList<>();
            List.of(queues, events, relay, one, two)
                    .forEach(part -> victims.add(new Victim(part.name, part::kill, part::startAgain)));
            victims.add(new Victim("database", database::kill, database::startAgain));
            AtomicBoolean over = new AtomicBoolean();
            Thread speaking = Thread.ofPlatform().name("producer").start(() -> speak(producer, over));
            killOneAfterAnother(victims);
            over.set(true);
            speaking.join();
            long settled = settle(producer, outcome);
            return judge(producer, outcome, receiver, settled);
        } finally {
            vertx.close();
        }
    }

    private List<Wanted> wanted() {
        TenantId acme = TenantId.next(CLOCK);
        TenantId beta = TenantId.next(CLOCK);
        Random flaky = new Random(seed + 1);
        return List.of(
                new Wanted(acme, "/all", "", row -> true, before -> 204),
                new Wanted(
                        acme,
                        "/prices",
                        ",\"eventTypes\":[\"listing.price_changed\"]",
                        row -> row.type().equals(DomainEvent.LISTING_PRICE_CHANGED),
                        before -> 200),
                new Wanted(
                        beta,
                        "/toledo",
                        ",\"filter\":{\"areas\":[\"city:Toledo\"]}",
                        row -> row.city().equals("Toledo"),
                        before -> 200),
                new Wanted(beta, "/flaky", "", row -> true, before -> flaky.nextInt(100) < 15 ? 500 : 200),
                new Wanted(
                        beta,
                        "/down",
                        ",\"eventTypes\":[\"sale.recorded\"]",
                        row -> row.type().equals(DomainEvent.SALE_RECORDED),
                        before -> 503));
    }

    private void makeEndpoints(Vertx vertx, URI service, CountingReceiver receiver, List<Wanted> wanted)
            throws IOException {
        try (HttpCaller caller = new HttpCaller(vertx, Duration.ofSeconds(30))) {
            for (Wanted one : wanted) {
                String body = "{\"url\":\"" + receiver.uri(one.path()) + "\"" + one.asks() + "}";
                HttpCaller.Answer answer = caller.send(
                        "POST",
                        service.resolve("/v2/webhooks/endpoints"),
                        Pieces.sealed(one.tenant(), "POST", "/v2/webhooks/endpoints"),
                        body.getBytes(StandardCharsets.UTF_8));
                String text = new String(answer.body(), StandardCharsets.UTF_8);
                if (answer.status() != 201) {
                    throw new IOException("no endpoint was made: " + text);
                }
                endpoints.put(Json.tree(text).at("/data/id").asText(), one);
            }
        }
    }

    /** About 100 events a second, one to five in a transaction. */
    private void speak(Producer producer, AtomicBoolean over) {
        Random own = new Random(seed + 2);
        AtomicInteger number = new AtomicInteger();
        while (!over.get()) {
            List<Producer.Said> said = new ArrayList<>();
            for (int i = 0, count = 1 + own.nextInt(5); i < count; i++) {
                String type = own.nextInt(3) == 0 ? DomainEvent.SALE_RECORDED : DomainEvent.LISTING_PRICE_CHANGED;
                said.add(Events.of(type, number.incrementAndGet()));
            }
            try {
                producer.say(said);
                TimeUnit.MILLISECONDS.sleep(30);
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                // committed or not: what the database holds in the end decides
                unknown++;
            }
        }
    }

    /** A part may come up again only after the next was killed: then two are away together. */
    private void killOneAfterAnother(List<Victim> victims) throws InterruptedException {
        List<Victim> left = new ArrayList<>();
        Map<Victim, CompletableFuture<Void>> comingUp = new HashMap<>();
        // one thread each: a part that waits for the database must not keep the database from its start
        ExecutorService starters = Executors.newCachedThreadPool();
        for (int i = 0; i < killings; i++) {
            TimeUnit.MILLISECONDS.sleep(500 + chance.nextInt(3_000));
            if (left.isEmpty()) {
                // each once before any comes again
                left.addAll(victims);
            }
            Victim victim = left.remove(chance.nextInt(left.size()));
            int away = chance.nextInt(2_000);
            comingUp.getOrDefault(victim, CompletableFuture.completedFuture(null))
                    .join();
            System.out.println("kill -9 " + victim.name());
            run(victim.kill());
            kills.merge(victim.name(), 1, Integer::sum);
            comingUp.put(
                    victim,
                    CompletableFuture.runAsync(
                            () -> {
                                pause(away);
                                run(victim.startAgain());
                            },
                            starters));
        }
        comingUp.values().forEach(CompletableFuture::join);
        starters.shutdown();
    }

    private static void run(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static void pause(int millis) {
        run(() -> TimeUnit.MILLISECONDS.sleep(millis));
    }

    /** Waits until nothing moves that could. @return seconds */
    private static long settle(Producer producer, Outcome outcome) throws InterruptedException {
        long begun = System.nanoTime();
        int quiet = 0;
        while (quiet < 5 && System.nanoTime() - begun < SETTLING.toNanos()) {
            TimeUnit.SECONDS.sleep(1);
            boolean still = producer.waiting() == 0
                    && outcome.cursor() >= producer.said().size()
                    && outcome.dueNow(CLOCK.instant()) == 0;
            quiet = still ? quiet + 1 : 0;
        }
        return (System.nanoTime() - begun) / 1_000_000_000L;
    }

    private CrashReport judge(Producer producer, Outcome outcome, CountingReceiver receiver, long settled) {
        List<Producer.Row> said = producer.said();
        Map<String, String> statuses = new LinkedHashMap<>();
        int twice = 0;
        for (Outcome.Row row : outcome.deliveries()) {
            twice += statuses.put(row.endpoint() + " " + row.message(), row.status()) == null ? 0 : 1;
        }
        CrashReport report = new CrashReport(seed, kills, said.size(), unknown, settled);
        report.rowsTwice = twice;
        endpoints.forEach((id, wanted) -> {
            CrashReport.Line line = new CrashReport.Line(wanted.path());
            Map<String, CountingReceiver.Got> got = receiver.got.getOrDefault(wanted.path(), Map.of());
            for (Producer.Row row : said) {
                if (wanted.wants().test(row)) {
                    String message = "msg_" + row.id().substring("evt_".length());
                    line.count(statuses.remove(id + " " + message), got.get(message));
                }
            }
            report.lines.add(line);
        });
        report.unasked = statuses.size();
        report.changedIds = (int) receiver.idsByEvent.values().stream()
                .filter(ids -> ids.size() != 1)
                .count();
        return report;
    }
}
