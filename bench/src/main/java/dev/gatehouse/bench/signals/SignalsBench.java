package dev.gatehouse.bench.signals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.bench.Machine;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.listings.ImportProgress;
import dev.gatehouse.listings.Listings;
import dev.gatehouse.listings.StandardStatus;
import dev.gatehouse.runtime.feed.Feed;
import dev.gatehouse.runtime.feed.FeedPage;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * {@code bench signals}: listings change at a steady rate, whether the service keeps up or not; how long after the commit of
 * a change does its signal stand in the feed? That takes in the listings' outbox, the feed, the queue, the figures and signals
 * of the change in one transaction, and the signals' own outbox. Engines are durable and on the same machine.
 */
public final class SignalsBench {
    private static final String MAPPING = """
            source: {originatingSystem: bench}
            fields:
              PropertyKey: id
              ListingKey: id
              StandardStatus: status
              PropertyType: {constant: Residential}
              ListPrice: price
              ListingContractDate: listed
              City: city
              PostalCode: zip
              CountyOrParish: {constant: Bench}
              StateOrProvince: {constant: OH}
              Latitude: lat
              Longitude: lon
              LivingArea: area
            """;
    private static final long PATIENCE_SECONDS = 120;
    private static final long WATCH_NANOS = 10_000_000;
    private static final int CUT_SHARE = 60;
    private static final int RISE_SHARE = 80;

    /**
     * What is run: {@code --rate=N} changes a second for {@code --seconds=N} over {@code --homes=N} homes on the market, after
     * {@code --warm-up=N} seconds of the same that do not count.
     */
    private record Options(int rate, int seconds, int homes, int warmUp) {
        static Options of(List<String> arguments) {
            int rate = 500;
            int seconds = 30;
            int homes = 20_000;
            int warmUp = 30;
            for (String argument : arguments) {
                String value = argument.substring(argument.indexOf('=') + 1);
                switch (argument.substring(0, Math.max(0, argument.indexOf('=')))) {
                    case "--rate" -> rate = Integer.parseInt(value);
                    case "--seconds" -> seconds = Integer.parseInt(value);
                    case "--homes" -> homes = Integer.parseInt(value);
                    case "--warm-up" -> warmUp = Integer.parseInt(value);
                    default ->
                        throw new IllegalArgumentException(
                                argument + " is not known: --rate=N --seconds=N --homes=N --warm-up=N");
                }
            }
            return new Options(rate, seconds, homes, warmUp);
        }
    }

    private final Options options;
    private final Map<String, ConcurrentLinkedQueue<Long>> commits = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Long> lags = new ConcurrentLinkedQueue<>();
    private final AtomicLong expected = new AtomicLong();
    private final AtomicBoolean done = new AtomicBoolean();

    private SignalsBench(Options options) {
        this.options = options;
    }

    public static void run(List<String> arguments) throws Exception {
        // before the first logger: without a configuration every step of every request would be written, and measured
        System.setProperty("logback.configurationFile", "dev/gatehouse/bench/measured-logback.xml");
        new SignalsBench(Options.of(arguments)).measure();
    }

    private void measure() throws Exception {
        Path folder = Files.createTempDirectory("gatehouse-bench-signals-");
        try (Services services = Services.start(folder)) {
            Path mapping = Files.writeString(folder.resolve("bench.yaml"), MAPPING);
            services.listings().importFile(homes(folder), mapping.toString(), ImportProgress.SILENT);
            System.err.println(options.homes + " homes are on the market; waiting until the service knows them");
            services.awaitCaughtUp(PATIENCE_SECONDS);
            Thread watch = Thread.ofPlatform().name("watch").start(() -> watch(services.feed(), services.position()));
            Listings listings = services.listings().listings();
            long before = (long) options.rate * options.warmUp;
            System.err.println("warming up for " + options.warmUp + " s");
            long unused = change(listings, 0, before);
            awaitSignals();
            lags.clear();
            expected.set(0);
            long began = System.nanoTime();
            long late = change(listings, before, before + (long) options.rate * options.seconds);
            double took = (System.nanoTime() - began) / 1e9;
            awaitSignals();
            done.set(true);
            watch.join();
            report(took, late);
        }
    }

    private void awaitSignals() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (lags.size() < expected.get() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private Path homes(Path folder) throws IOException {
        StringBuilder rows = new StringBuilder("id,status,price,listed,city,zip,lat,lon,area\n");
        for (int i = 0; i < options.homes; i++) {
            rows.append(String.format(
                    Locale.ROOT,
                    "bench-%d,Active,%d,2026-10-01,Town %d,%05d,%.4f,%.4f,%d%n",
                    i,
                    400_000 + i % 97 * 1_000,
                    i % 20,
                    43_000 + i % 60,
                    41.0 + i % 200 * 0.004,
                    -83.0 - i % 150 * 0.004,
                    1_000 + i % 50 * 30));
        }
        return Files.writeString(folder.resolve("homes.csv"), rows);
    }

    /**
     * An open loop: each change has its instant, and one that begins after it counts as late.
     *
     * @param from the number of the first change
     * @param to the number behind the last
     * @return how many began more than 50 ms late
     */
    private long change(Listings listings, long from, long to) throws InterruptedException {
        long start = System.nanoTime();
        long each = TimeUnit.SECONDS.toNanos(1) / options.rate;
        AtomicLong next = new AtomicLong(from);
        AtomicLong late = new AtomicLong();
        try (ExecutorService workers = Executors.newFixedThreadPool(8)) {
            for (int w = 0; w < 8; w++) {
                workers.execute(() -> {
                    for (long i = next.getAndIncrement(); i < to; i = next.getAndIncrement()) {
                        long due = start + (i - from) * each;
                        long wait = due - System.nanoTime();
                        if (wait > 0) {
                            LockSupport.parkNanos(wait);
                        } else if (wait < -50_000_000) {
                            late.incrementAndGet();
                        }
                        one(listings, i);
                    }
                });
            }
        }
        return late.get();
    }

    /** Of a hundred changes 60 cut a price, 20 raise one, and 20 put a home under contract and back on the market. */
    private void one(Listings listings, long i) {
        String key = "bench-" + i % options.homes;
        int kind = (int) (i * 37 % 100);
        if (kind < CUT_SHARE) {
            signal(
                    "price_cut",
                    key,
                    () -> listings.changePrice(key, BigDecimal.valueOf(390_000 - i / options.homes * 10)));
        } else if (kind < RISE_SHARE) {
            listings.changePrice(key, BigDecimal.valueOf(500_000 + i));
        } else {
            listings.changeStatus(key, StandardStatus.PENDING);
            signal("back_on_market", key, () -> listings.changeStatus(key, StandardStatus.ACTIVE));
        }
    }

    private void signal(String type, String key, Runnable change) {
        expected.incrementAndGet();
        change.run();
        commits.computeIfAbsent(type + key, k -> new ConcurrentLinkedQueue<>()).add(System.nanoTime());
    }

    private void watch(Feed feed, long from) {
        long at = from;
        while (!done.get()) {
            try {
                FeedPage page = feed.after(at, Feed.MAX_EVENTS);
                long now = System.nanoTime();
                for (DomainEvent event : page.events()) {
                    at = event.sequence();
                    if (event.type().equals(DomainEvent.SIGNAL_RAISED)) {
                        seen(Json.tree(event.data()), now);
                    }
                }
                if (page.events().isEmpty()) {
                    LockSupport.parkNanos(WATCH_NANOS);
                }
            } catch (IOException e) {
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    private void seen(JsonNode data, long now) {
        String cause =
                data.path("SignalType").asText() + data.path("ListingKey").asText();
        ConcurrentLinkedQueue<Long> waiting = commits.get(cause);
        Long committed = waiting == null ? null : waiting.poll();
        if (committed != null) {
            lags.add(Math.max(0, now - committed));
        }
    }

    private void report(double took, long late) {
        double[] sorted =
                lags.stream().mapToDouble(nanos -> nanos / 1e6).sorted().toArray();
        Machine.facts().forEach((name, value) -> System.out.println(name + ": " + value));
        System.out.printf(
                Locale.ROOT,
                "after %d s of the same: %,d changes in %.1f s (%.0f/s asked, %.0f/s done, %,d began late) over %,d homes; %,d of %,d signals came%n",
                options.warmUp,
                (long) options.rate * options.seconds,
                took,
                (double) options.rate,
                options.rate * options.seconds / took,
                late,
                options.homes,
                sorted.length,
                expected.get());
        System.out.println("commit of the change until signal.raised stands in the feed, ms:");
        for (double percent : new double[] {50, 90, 99, 99.9, 100}) {
            System.out.printf(Locale.ROOT, "  p%-5s %8.1f%n", percent, at(sorted, percent / 100));
        }
        System.out.println(
                sorted.length == expected.get() && at(sorted, 0.99) < 1_000
                        ? "p99 is under one second"
                        : "p99 is NOT under one second, or signals are missing");
    }

    private static double at(double[] sorted, double share) {
        return sorted.length == 0
                ? Double.NaN
                : sorted[(int) Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)];
    }
}
