package dev.gatehouse.bench.webhooks;

import dev.gatehouse.bench.webhooks.store.Producer;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.webhooks.Endpoint;
import dev.gatehouse.webhooks.EndpointChange;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** How many deliveries a second, how soon after the event, and how little one tenant's backlog costs another. */
final class SpeedBench {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int TENANTS = 20;

    private final Rig rig;
    private final Options options;
    private final AtomicInteger number = new AtomicInteger();

    /**
     * @param rounds of each measurement
     * @param seconds of one phase
     * @param backlog deliveries of the tenant whose receiver is slow
     */
    record Options(int rounds, int seconds, int backlog) {}

    SpeedBench(Rig rig, Options options) {
        this.rig = rig;
        this.options = options;
    }

    private void say(String type, int count) {
        for (int left = count; left > 0; left -= 500) {
            List<Producer.Said> said = new ArrayList<>();
            for (int i = 0; i < Math.min(500, left); i++) {
                said.add(Events.of(type, number.incrementAndGet()));
            }
            rig.producer.say(said);
        }
    }

    /** At a steady pace, each event in a transaction of its own. */
    private void sayAt(int perSecond, String type) throws InterruptedException {
        long begun = System.nanoTime();
        for (int i = 0; i < perSecond * options.seconds(); i++) {
            long due = begun + i * 1_000_000_000L / perSecond;
            while (System.nanoTime() < due) {
                TimeUnit.NANOSECONDS.sleep(Math.max(1, due - System.nanoTime()));
            }
            rig.producer.say(List.of(Events.of(type, number.incrementAndGet())));
        }
    }

    /** Each event goes to {@value #TENANTS} tenants. @return lines of a table */
    List<String> throughput() throws Exception {
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = 0; i < TENANTS; i++) {
            endpoints.add(rig.endpoint("/fast", DomainEvent.LISTING_PRICE_CHANGED));
        }
        List<String> lines = new ArrayList<>(List.of(
                "| round | deliveries | deliveries/s | CPU µs per delivery, Gatehouse | CPU µs per delivery, PostgreSQL |",
                "|--:|--:|--:|--:|--:|"));
        int events = 100 * options.seconds();
        // a warm-up comes first and is not shown
        for (int round = 0; round <= options.rounds(); round++) {
            double cpu = Rig.cpuSeconds();
            double database = rig.databaseCpuSeconds();
            say(DomainEvent.LISTING_PRICE_CHANGED, events);
            long all = rig.producer.said().size();
            Rig.await(PATIENCE, () -> rig.outcome.cursor() >= all && rig.outcome.pending() == 0);
            Rig.Stats stats = rig.stats("/fast");
            if (round > 0) {
                lines.add(String.format(
                        Locale.ROOT,
                        "| %d | %,d | %,.0f | %.0f | %.0f |",
                        round,
                        stats.count(),
                        stats.count() / stats.seconds(),
                        (Rig.cpuSeconds() - cpu) * 1e6 / stats.count(),
                        (rig.databaseCpuSeconds() - database) * 1e6 / stats.count()));
            }
        }
        endpoints.forEach(endpoint -> rig.webhooks().delete(endpoint.tenant(), endpoint.id()));
        return lines;
    }

    /** 200 events a second to one endpoint. */
    List<String> latency() throws Exception {
        Endpoint endpoint = rig.endpoint("/steady", DomainEvent.LISTING_STATUS_CHANGED);
        List<String> lines = new ArrayList<>(
                List.of("| round | deliveries | p50 ms | p99 ms | longest ms |", "|--:|--:|--:|--:|--:|"));
        for (int round = 0; round <= options.rounds(); round++) {
            Rig.Stats stats = steady(200, "/steady", DomainEvent.LISTING_STATUS_CHANGED);
            if (round > 0) {
                lines.add(String.format(
                        Locale.ROOT,
                        "| %d | %,d | %.1f | %.1f | %.1f |",
                        round,
                        stats.count(),
                        stats.p50(),
                        stats.p99(),
                        stats.most()));
            }
        }
        rig.webhooks().delete(endpoint.tenant(), endpoint.id());
        return lines;
    }

    private Rig.Stats steady(int perSecond, String path, String type) throws InterruptedException, IOException {
        rig.stats(path);
        sayAt(perSecond, type);
        long all = rig.producer.said().size();
        Rig.await(PATIENCE, () -> rig.outcome.cursor() >= all);
        // what is still under way; the slow tenant's backlog stays pending all along
        TimeUnit.SECONDS.sleep(2);
        return rig.stats(path);
    }

    /** 50 events a second to one tenant: alone, alone again, and beside another's backlog; in turns. */
    List<String> fairness() throws Exception {
        Endpoint slow = rig.endpoint("/slow", DomainEvent.SALE_RECORDED);
        Endpoint quick = rig.endpoint("/quick", DomainEvent.LISTING_CREATED);
        rig.webhooks().change(slow.tenant(), slow.id(), EndpointChange.to(Endpoint.Status.PAUSED));
        say(DomainEvent.SALE_RECORDED, options.backlog());
        long all = rig.producer.said().size();
        Rig.await(PATIENCE, () -> rig.outcome.cursor() >= all);
        steady(50, "/quick", DomainEvent.LISTING_CREATED);
        List<String> lines = new ArrayList<>(List.of(
                "| round | alone p99 ms | alone again p99 ms | beside the backlog p99 ms | again / alone | beside / alone |",
                "|--:|--:|--:|--:|--:|--:|"));
        List<Double> noise = new ArrayList<>();
        List<Double> cost = new ArrayList<>();
        for (int round = 1; round <= options.rounds(); round++) {
            double alone = steady(50, "/quick", DomainEvent.LISTING_CREATED).p99();
            double again = steady(50, "/quick", DomainEvent.LISTING_CREATED).p99();
            rig.webhooks().change(slow.tenant(), slow.id(), EndpointChange.to(Endpoint.Status.ENABLED));
            TimeUnit.SECONDS.sleep(1);
            double beside = steady(50, "/quick", DomainEvent.LISTING_CREATED).p99();
            rig.webhooks().change(slow.tenant(), slow.id(), EndpointChange.to(Endpoint.Status.PAUSED));
            // those in flight come back before the next round
            TimeUnit.SECONDS.sleep(15);
            noise.add(again / alone);
            cost.add(beside / alone);
            lines.add(String.format(
                    Locale.ROOT,
                    "| %d | %.1f | %.1f | %.1f | %.2f | %.2f |",
                    round,
                    alone,
                    again,
                    beside,
                    again / alone,
                    beside / alone));
        }
        lines.add("");
        lines.add(String.format(
                Locale.ROOT,
                "Backlog: %,d deliveries to a receiver that answers after 14 s. Median ratio beside / alone %.2f; the same"
                        + " contender twice %.2f (%.2f to %.2f).",
                options.backlog(),
                median(cost),
                median(noise),
                noise.stream().mapToDouble(Double::doubleValue).min().orElse(0),
                noise.stream().mapToDouble(Double::doubleValue).max().orElse(0)));
        rig.webhooks().delete(slow.tenant(), slow.id());
        rig.webhooks().delete(quick.tenant(), quick.id());
        return lines;
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
