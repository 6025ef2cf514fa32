package dev.gatehouse.bench.metering;

import dev.gatehouse.bench.metering.store.MonthOfCalls;
import dev.gatehouse.engines.Durability;
import dev.gatehouse.engines.EmbeddedPostgres;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.metering.LatencyQuery;
import dev.gatehouse.metering.MeteringModule;
import dev.gatehouse.metering.MeteringSettings;
import dev.gatehouse.metering.UsageQuery;
import dev.gatehouse.metering.UsageQuery.Bucket;
import dev.gatehouse.metering.UsageQuery.Dimension;
import dev.gatehouse.metering.UsageReader;
import dev.gatehouse.runtime.config.Settings;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** A month of calls in the ledger: its size on the disk, and how soon a tenant's figures are there. */
final class MonthSpeed {
    private static final int DAYS = 30;
    private static final LocalDate FIRST = LocalDate.of(2026, 9, 1);
    private static final int MINUTES_KEPT = 14;
    private static final long SEED = 20_261_125;

    private final MeteringOptions options;
    private final Path folder;
    private final int tenants;

    MonthSpeed(MeteringOptions options, Path folder) {
        this.options = options;
        this.folder = options.data() == null ? folder.resolve("month") : options.data();
        this.tenants = options.tenants().getLast();
    }

    /** Times of one question in milliseconds, sorted. */
    record Times(String question, double median, double p99, double longest) {
        static Times of(String question, double[] millis) {
            double[] sorted = millis.clone();
            Arrays.sort(sorted);
            return new Times(
                    question,
                    Report.median(sorted),
                    sorted[Math.min(sorted.length - 1, sorted.length * 99 / 100)],
                    sorted[sorted.length - 1]);
        }
    }

    /** @param loadSeconds that the loading took, in this run or in the one that made the data */
    record Result(long events, int tenants, double loadSeconds, Map<String, long[]> sizes, List<Times> times) {}

    Result measure() throws Exception {
        Path note = folder.resolve("loaded");
        boolean loaded = Files.exists(note);
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder.resolve("postgres"), Durability.THROWN_AWAY)) {
            DatabaseUrl url = DatabaseUrl.parse(postgres.url());
            try (MeteringModule metering = MeteringModule.open(
                            url, MeteringSettings.of(Settings.of(Map.of())), InstantSource.system());
                    MonthOfCalls month = new MonthOfCalls(url)) {
                double seconds;
                if (loaded) {
                    seconds = Double.parseDouble(Files.readString(note).strip());
                } else {
                    long begun = System.nanoTime();
                    month.load(
                            new GeneratedCalls("gw_month.0", 1, tenants, SEED),
                            options.events(),
                            FIRST,
                            DAYS,
                            FIRST.plusDays(DAYS - MINUTES_KEPT));
                    seconds = (System.nanoTime() - begun) / 1e9;
                    Files.writeString(note, Double.toString(seconds));
                }
                return new Result(options.events(), tenants, seconds, month.sizes(), ask(metering.reader()));
            }
        }
    }

    private interface Question {
        int ask(TenantId tenant);
    }

    private List<Times> ask(UsageReader reader) {
        LocalDate last = FIRST.plusDays(DAYS - 1);
        List<Times> times = new ArrayList<>();
        Question month = tenant -> reader.sums(new UsageQuery(
                        tenant, at(FIRST), at(last.plusDays(1)), Bucket.DAY, Set.of(Dimension.OPERATION)))
                .size();
        Question day = tenant -> reader.latency(
                        new LatencyQuery(tenant, at(last), at(last.plusDays(1)), null, LatencyQuery.Split.NONE))
                .size();
        Question hours = tenant -> reader.latency(new LatencyQuery(
                        tenant, at(last), at(last.plusDays(1)), Bucket.HOUR, LatencyQuery.Split.OPERATION))
                .size();
        Random random = new Random(SEED);
        times.add(time("a month by day and operation, any tenant", month, random, tenants));
        times.add(time("a month by day and operation, the tenant with most calls", month, random, 1));
        times.add(time("p99 of a day, any tenant", day, random, tenants));
        times.add(time("p99 of a day, the tenant with most calls", day, random, 1));
        times.add(time("percentiles of a day by hour and operation, the tenant with most calls", hours, random, 1));
        return times;
    }

    private Times time(String question, Question asked, Random random, int among) {
        double[] millis = new double[options.asks()];
        int answers = 0;
        for (int i = -options.asks() / 2; i < options.asks(); i++) {
            TenantId tenant = GeneratedCalls.tenant(random.nextInt(among));
            long begun = System.nanoTime();
            answers += asked.ask(tenant);
            if (i >= 0) {
                millis[i] = (System.nanoTime() - begun) / 1e6;
            }
        }
        Times times = Times.of(question, millis);
        System.err.printf("%s (%,d rows in all)%n", times, answers);
        return times;
    }

    private static java.time.Instant at(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
