package dev.gatehouse.bench.billing;

import dev.gatehouse.billing.BillingModule;
import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.BillingSettings;
import dev.gatehouse.billing.close.PeriodClose;
import dev.gatehouse.directory.Actor;
import dev.gatehouse.directory.Directory;
import dev.gatehouse.directory.DirectoryModule;
import dev.gatehouse.directory.DirectorySettings;
import dev.gatehouse.directory.NewTenant;
import dev.gatehouse.directory.Tenant;
import dev.gatehouse.engines.Durability;
import dev.gatehouse.engines.EmbeddedPostgres;
import dev.gatehouse.engines.EmbeddedRedis;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.time.SettableClock;
import dev.gatehouse.metering.MeteringModule;
import dev.gatehouse.metering.MeteringSettings;
import dev.gatehouse.runtime.config.Settings;
import dev.gatehouse.runtime.redis.Redis;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * {@code bench billing}: a month of generated calls is rated into drafts, counted again call by call, rated by the second
 * calculator, and closed. Before that, the month to date is asked for.
 */
public final class BillingBench {
    private static final YearMonth MONTH = YearMonth.of(2026, 9);
    private static final String PLAN = "growth";
    private static final int PAGE = 500;

    private final BillingOptions options;
    private final Path folder;

    private BillingBench(BillingOptions options, Path folder) {
        this.options = options;
        this.folder = folder;
    }

    /** Runs it, and writes the report to {@code bench/results} unless the options say that it is a trial. */
    public static void run(Path root, List<String> arguments) throws Exception {
        // before anything logs: at its standard level Jdbi writes down every statement
        System.setProperty("logback.configurationFile", "dev/gatehouse/bench/measured-logback.xml");
        BillingOptions options;
        try {
            options = BillingOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        Path folder = options.data() == null ? Files.createTempDirectory("gatehouse-bench-billing") : options.data();
        try {
            Report report = new BillingBench(options, folder).measure();
            System.out.println(report.markdown());
            if (options.isRecorded()) {
                report.write(root.resolve("bench/results"));
            }
            if (!report.isWhole()) {
                System.exit(1);
            }
        } finally {
            if (options.data() == null) {
                delete(folder);
            }
        }
    }

    private Report measure() throws Exception {
        Path note = folder.resolve("loaded");
        String what = options.events() + " calls of " + options.tenants() + " tenants";
        if (Files.exists(note) && !Files.readAllLines(note).getFirst().equals(what)) {
            throw new IllegalArgumentException(folder + " holds another month. Name another folder, or delete it.");
        }
        try (EmbeddedRedis server = EmbeddedRedis.start(folder.resolve("redis"), Durability.THROWN_AWAY);
                Redis redis = Redis.connect(server.url())) {
            if (!Files.exists(note)) {
                long begun = System.nanoTime();
                try (EmbeddedPostgres postgres = postgres(Durability.THROWN_AWAY)) {
                    load(DatabaseUrl.parse(postgres.url()), redis);
                }
                Files.writeString(note, what + "\n" + seconds(begun));
            }
            double loading = Double.parseDouble(Files.readAllLines(note).get(1));
            try (EmbeddedPostgres postgres = postgres(Durability.DURABLE)) {
                return measure(DatabaseUrl.parse(postgres.url()), redis, loading);
            }
        }
    }

    private EmbeddedPostgres postgres(Durability durability) {
        return EmbeddedPostgres.start(folder.resolve("postgres"), durability);
    }

    private static DirectoryModule directory(DatabaseUrl url, Redis redis, SettableClock clock) throws Exception {
        return DirectoryModule.open(new DirectorySettings("127.0.0.1", 0, 0, null, null, 4), url, redis, clock);
    }

    private static MeteringModule metering(DatabaseUrl url, SettableClock clock) throws Exception {
        return MeteringModule.open(url, MeteringSettings.of(Settings.of(Map.of())), clock);
    }

    private void load(DatabaseUrl url, Redis redis) throws Exception {
        SettableClock clock =
                new SettableClock(BillingPeriod.of(MONTH.minusMonths(1)).from());
        try (DirectoryModule directory = directory(url, redis, clock);
                MeteringModule unused = metering(url, clock)) {
            for (int i = 0; i < options.tenants(); i++) {
                Tenant made = directory
                        .directory()
                        .createTenant(new NewTenant("Tenant " + i, PLAN, "tenant-" + i), Actor.process("bench"))
                        .orThrow();
                progress(i + 1, options.tenants(), "tenants", made);
            }
            GeneratedMonth.fill(url, tenants(directory.directory()), PLAN, MONTH, options.events());
        }
    }

    private static void progress(int done, int all, String what, Object last) {
        if (done % 100 == 0 || done == all) {
            System.err.printf(
                    Locale.ROOT,
                    "%,d of %,d %s (%s)%n",
                    done,
                    all,
                    what,
                    last.getClass().getSimpleName());
        }
    }

    /** In the order of their ids, which is that of their making: the first one has the most calls. */
    private static List<TenantId> tenants(Directory directory) {
        List<TenantId> all = new ArrayList<>();
        List<Tenant> page = directory.tenants(null, PAGE);
        while (!page.isEmpty()) {
            page.forEach(tenant -> all.add(tenant.id()));
            page = directory.tenants(all.getLast(), PAGE);
        }
        return all;
    }

    private Report measure(DatabaseUrl url, Redis redis, double loading) throws Exception {
        BillingPeriod period = BillingPeriod.of(MONTH);
        SettableClock clock = new SettableClock(period.to().minusSeconds(1));
        try (DirectoryModule directory = directory(url, redis, clock);
                MeteringModule metering = metering(url, clock);
                BillingModule billing = BillingModule.open(
                        url,
                        new BillingSettings(
                                8, null, Duration.ofDays(2), Duration.ofDays(3), Duration.ofMinutes(1), "Bench"),
                        new BillingModule.Parts(
                                directory.directory(),
                                metering.reader(),
                                metering.billable(),
                                (tenant, budget, alert, recipient) -> {}),
                        clock)) {
            List<TenantId> tenants = tenants(directory.directory());
            GeneratedMonth.reopen(url, tenants, MONTH);
            List<MonthToDateTimes.Times> times =
                    MonthToDateTimes.measure(billing, tenants, PLAN, options.asks(), clock);
            times.forEach(System.err::println);

            clock.set(period.to().plusSeconds(1));
            long begun = System.nanoTime();
            PeriodClose.Result drafted = billing.closePeriods();
            double drafts = seconds(begun);
            System.err.printf(Locale.ROOT, "drafts: %s in %.1f s%n", drafted, drafts);
            clock.set(period.to().plus(Duration.ofDays(3)));
            begun = System.nanoTime();
            PeriodClose.Result closed = billing.closePeriods();
            double finals = seconds(begun);
            System.err.printf(Locale.ROOT, "finals: %s in %.1f s%n", closed, finals);
            long heap = ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(pool -> pool.getType() == java.lang.management.MemoryType.HEAP)
                    .mapToLong(pool -> pool.getPeakUsage().getUsed())
                    .sum();
            return new Report(options, loading, times, drafted, drafts, closed, finals, heap);
        }
    }

    private static double seconds(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.deleteIfExists(path);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
