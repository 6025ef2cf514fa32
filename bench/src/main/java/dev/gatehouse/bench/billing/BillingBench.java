package dev.gatehouse.bench.billing;

import dev.gatehouse.bench.Machine;
import dev.gatehouse.billing.BillingModule;
import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.BillingSettings;
import dev.gatehouse.billing.close.PeriodClose;
import dev.gatehouse.directory.Actor;
import dev.gatehouse.directory.DirectoryModule;
import dev.gatehouse.directory.DirectorySettings;
import dev.gatehouse.directory.NewTenant;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * {@code bench billing}: a month of generated calls is rated into drafts, counted again call by call, rated by the second
 * calculator, and closed. Before that, the month to date of tenants picked by chance is asked for, one after the other.
 */
public final class BillingBench {
    private static final YearMonth MONTH = YearMonth.of(2026, 9);
    private static final String PLAN = "growth";
    private static final long SEED = 20_261_125;

    private BillingBench() {}

    /** @param arguments {@code --tenants=N --events=N --asks=N} */
    public static void run(List<String> arguments) throws Exception {
        int tenants = 1_000;
        long events = 30_000_000;
        int asks = 300;
        for (String argument : arguments) {
            String value = argument.substring(argument.indexOf('=') + 1);
            switch (argument.substring(0, Math.max(0, argument.indexOf('=')))) {
                case "--tenants" -> tenants = Integer.parseInt(value);
                case "--events" -> events = Long.parseLong(value);
                case "--asks" -> asks = Integer.parseInt(value);
                default -> {
                    System.err.println("gatehouse bench billing [--tenants=1000] [--events=30000000] [--asks=300]");
                    System.exit(2);
                }
            }
        }
        Path folder = Files.createTempDirectory("gatehouse-bench-billing");
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder.resolve("postgres"), Durability.THROWN_AWAY);
                EmbeddedRedis server = EmbeddedRedis.start(folder.resolve("redis"), Durability.THROWN_AWAY);
                Redis redis = Redis.connect(server.url())) {
            postgres.createDatabase("bench");
            measure(DatabaseUrl.parse(postgres.url("bench")), redis, tenants, events, asks);
        } finally {
            delete(folder);
        }
    }

    private static void measure(DatabaseUrl url, Redis redis, int tenants, long events, int asks) throws Exception {
        BillingPeriod period = BillingPeriod.of(MONTH);
        SettableClock clock = new SettableClock(period.from());
        Machine.facts().forEach((name, value) -> System.out.println(name + ": " + value));
        try (DirectoryModule directory = DirectoryModule.open(
                        new DirectorySettings("127.0.0.1", 0, 0, null, null, 4), url, redis, clock);
                MeteringModule metering = MeteringModule.open(url, MeteringSettings.of(Settings.of(Map.of())), clock);
                BillingModule billing = BillingModule.open(
                        url,
                        new BillingSettings(8, null, Duration.ofDays(2), Duration.ofMinutes(1), "Bench"),
                        new BillingModule.Parts(
                                directory.directory(),
                                metering.reader(),
                                metering.billable(),
                                (tenant, budget, alert) -> {}),
                        clock)) {
            List<TenantId> ids = new ArrayList<>();
            for (int i = 0; i < tenants; i++) {
                ids.add(directory
                        .directory()
                        .createTenant(new NewTenant("Tenant " + i, PLAN, "tenant-" + i), Actor.process("bench"))
                        .orThrow()
                        .id());
            }
            long begun = System.nanoTime();
            GeneratedMonth.fill(url, ids, PLAN, MONTH, events);
            say(
                    "%,d calls of %,d tenants are in the ledger after %.1f s (not part of the figures)",
                    events, tenants, seconds(begun));

            clock.set(period.to().minusSeconds(1));
            monthToDate(billing, ids, asks);

            clock.set(period.to().plusSeconds(1));
            begun = System.nanoTime();
            PeriodClose.Result drafted = billing.closePeriods();
            double drafts = seconds(begun);
            clock.set(period.to().plus(Duration.ofDays(3)));
            begun = System.nanoTime();
            PeriodClose.Result closed = billing.closePeriods();
            double finals = seconds(begun);
            say("rated into %,d drafts                        %8.1f s", drafted.drafted(), drafts);
            say("rated, counted again, rated again, %,d final %8.1f s", closed.finished(), finals);
            say("together                                     %8.1f s   (the aim: under 60 s)", drafts + finals);
            if (drafted.drafted() != tenants || closed.finished() != tenants) {
                say("NOT all of %,d: drafted %s, closed %s", tenants, drafted, closed);
                System.exit(1);
            }
        }
    }

    private static void monthToDate(BillingModule billing, List<TenantId> tenants, int asks) {
        Random random = new Random(SEED);
        double[] millis = new double[asks];
        for (int i = -asks / 5; i < asks; i++) {
            TenantId tenant = tenants.get(random.nextInt(tenants.size()));
            long begun = System.nanoTime();
            var unused = billing.monthToDate(tenant).orElseThrow();
            if (i >= 0) {
                millis[i] = (System.nanoTime() - begun) / 1e6;
            }
        }
        Arrays.sort(millis);
        say(
                "month to date: median %.1f ms, p99 %.1f ms, longest %.1f ms over %,d asks   (the aim: under 50 ms)",
                millis[asks / 2], millis[Math.min(asks - 1, asks * 99 / 100)], millis[asks - 1], asks);
    }

    private static double seconds(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
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
