package dev.gatehouse.bench.services;

import dev.gatehouse.bench.Machine;
import dev.gatehouse.bench.sandbox.Options;
import dev.gatehouse.bench.sandbox.SteadyLoad;
import dev.gatehouse.bench.services.GeneratedSales.Home;
import dev.gatehouse.engines.Durability;
import dev.gatehouse.engines.EmbeddedPostgres;
import dev.gatehouse.listings.ListingsImport;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code bench services}: a whole Gatehouse over generated homes and sales. Each GET is called through the gateway at a fixed
 * rate, and its time counts from when it was due, so that a stall is felt by every call behind it; beside it stands the
 * statement alone over JDBC.
 */
public final class ServicesBench {
    private static final List<String> FILLED = List.of("history", "signals", "enrichment");
    private static final int ALONE = 300;
    private static final int WARM_UP_SECONDS = 10;
    private static final int ASKED = 2_000;
    private static final int CONNECTIONS = 32;
    private static final int INDEXES = 5;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** Times in milliseconds, sorted; without any when the service does not answer it. */
    private record Figures(Call call, double[] alone, SteadyLoad.@Nullable Part through, int firstStatus) {
        /** Whether it is as quick as it is to be: half of the calls below 5 ms, all but one in a hundred below 25. */
        boolean isWithin() {
            return through == null || (through.percentile(0.5) < 5 && through.percentile(0.99) < 25);
        }
    }

    /** @param arguments {@code --homes=N --sales=N --rate=N --seconds=N --fill-minutes=N --data=FOLDER --only=CALL --record=yes|no} */
    public static void run(Path root, List<String> arguments) throws Exception {
        new ServicesBench()
                .measure(
                        root,
                        Options.parse(
                                arguments,
                                "homes",
                                "sales",
                                "rate",
                                "seconds",
                                "fill-minutes",
                                "data",
                                "only",
                                "record"));
    }

    private void measure(Path root, Options options) throws Exception {
        String given = options.text("data", "");
        Path folder = given.isEmpty()
                ? Files.createTempDirectory("gatehouse-bench-services-")
                : Files.createDirectories(Path.of(given).toAbsolutePath());
        Path filled = folder.resolve("filled");
        int sales = options.number("sales", 5_000_000);
        int rate = options.number("rate", 500);
        int seconds = options.number("seconds", 20);
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder.resolve("postgres"), Durability.THROWN_AWAY);
                Connection connection = DriverManager.getConnection(postgres.url())) {
            if (!Files.exists(filled)) {
                write(DatabaseUrl.parse(postgres.url()), connection, options.number("homes", 1_000_000), sales);
            }
            // a call that misses is measured at a half and a quarter of the rate too
            List<Home> homes = GeneratedSales.some(connection, ASKED + 2 * rate * (WARM_UP_SECONDS + seconds));
            List<Home> again = homes.subList(0, ASKED);
            Deque<Home> fresh = new ArrayDeque<>(homes.subList(ASKED, homes.size()));
            try (Installation installation = Installation.up(root, folder, postgres)) {
                awaitFilled(connection, options.number("fill-minutes", 60));
                Files.writeString(filled, "");
                Machine.awaitRest();
                StringBuilder rows = new StringBuilder();
                String only = options.text("only", "");
                List<Call> calls = Call.all().stream()
                        .filter(call -> call.name().startsWith(only))
                        .toList();
                for (Call call : calls) {
                    boolean isWithin = false;
                    for (int pace = rate; !isWithin && pace >= rate / 4; pace /= 2) {
                        List<Home> asked = switch (call.asked()) {
                            case AGAIN -> again;
                            case FOR_THE_FIRST_TIME -> taken(fresh, pace * (WARM_UP_SECONDS + seconds));
                        };
                        Figures figures = measure(call, asked, installation, connection, pace, seconds);
                        String row = row(figures, pace);
                        System.err.print(row);
                        rows.append(row);
                        isWithin = figures.isWithin();
                    }
                }
                double[] indexes = indexes(installation, connection);
                String index = String.format(
                        Locale.ROOT,
                        "%nThe repeat-sales index of all %,d sales, made anew: median %.2f s, %.2f to %.2f s of %d.%n",
                        sales,
                        indexes[INDEXES / 2],
                        indexes[0],
                        indexes[INDEXES - 1],
                        INDEXES);
                String report = report(homes(connection), sales, rate, seconds, rows.toString()) + index;
                System.out.println(report);
                if (options.text("record", "yes").equals("yes")) {
                    Files.writeString(
                            Files.createDirectories(root.resolve("bench/results"))
                                    .resolve("services.md"),
                            report);
                }
            }
        }
    }

    private static List<Home> taken(Deque<Home> from, int count) {
        return Stream.generate(from::remove).limit(count).toList();
    }

    private static void write(DatabaseUrl url, Connection connection, int homes, int sales)
            throws SQLException, IOException {
        ListingsImport.open(url, InstantSource.system()).close();
        System.err.printf(Locale.ROOT, "writing %,d sales of %,d homes%n", sales, homes);
        GeneratedSales.write(connection, homes, sales);
        System.err.println("writing their timelines");
        GeneratedHistory.write(url, connection);
    }

    private static int homes(Connection connection) throws SQLException {
        try (Statement sql = connection.createStatement();
                ResultSet row = sql.executeQuery(
                        "SELECT count(*) FROM listings.listing WHERE originating_system = 'generated'")) {
            row.next();
            return row.getInt(1);
        }
    }

    /** Until each service has taken its snapshot, and enrichment has a model. */
    private static void awaitFilled(Connection connection, int minutes) throws SQLException, InterruptedException {
        long begun = System.nanoTime();
        long end = begun + TimeUnit.MINUTES.toNanos(minutes);
        for (String schema : FILLED) {
            while (!exists(connection, schema, "feed_cursor")) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException(schema + " is not filled within " + minutes + " minutes");
                }
                TimeUnit.SECONDS.sleep(1);
            }
            System.err.printf(Locale.ROOT, "%s is filled after %.0f s%n", schema, (System.nanoTime() - begun) / 1e9);
        }
        while (!isCaughtUp(connection)) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("history has not read the feed within " + minutes + " minutes");
            }
            TimeUnit.SECONDS.sleep(1);
        }
        System.err.println("history has read the feed");
        long trained = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
        while (!exists(connection, "enrichment", "valuation_model") && System.nanoTime() < trained) {
            TimeUnit.SECONDS.sleep(1);
        }
        try (Statement sql = connection.createStatement()) {
            sql.execute("VACUUM ANALYZE");
        }
    }

    /** Whether all of the listings' news is in the feed, and the feed in the timelines. */
    private static boolean isCaughtUp(Connection connection) throws SQLException {
        try (Statement sql = connection.createStatement();
                ResultSet row = sql.executeQuery("""
                        SELECT NOT EXISTS (SELECT FROM listings.outbox)
                            AND (SELECT max(sequence) FROM history.feed_cursor) >= (SELECT sequence FROM events.place)
                        """)) {
            return row.next() && row.getBoolean(1);
        }
    }

    /** Whole indexes of all homes, each after a sale was recorded, so that nothing kept is answered; seconds, sorted. */
    private double[] indexes(Installation installation, Connection connection)
            throws IOException, InterruptedException, SQLException {
        double[] seconds = new double[INDEXES];
        for (int i = 0; i < INDEXES; i++) {
            try (Statement sql = connection.createStatement()) {
                sql.execute("UPDATE history.pairs_version SET version = version + 1 WHERE area = '*'");
            }
            long begun = System.nanoTime();
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(installation.gateway() + "/v2/markets/geohash:d/price-index"))
                            .header("Authorization", "Bearer " + installation.key())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException("the index of all homes is answered with " + answer.statusCode());
            }
            seconds[i] = (System.nanoTime() - begun) / 1e9;
        }
        Arrays.sort(seconds);
        return seconds;
    }

    private static boolean exists(Connection connection, String schema, String table) throws SQLException {
        try (Statement sql = connection.createStatement();
                ResultSet row = sql.executeQuery("SELECT EXISTS (SELECT FROM " + schema + "." + table + ")")) {
            return row.next() && row.getBoolean(1);
        }
    }

    private Figures measure(
            Call call, List<Home> homes, Installation installation, Connection connection, int rate, int seconds)
            throws IOException, InterruptedException, SQLException {
        int status = http.send(request(call, homes.getFirst(), installation), HttpResponse.BodyHandlers.discarding())
                .statusCode();
        if (status != 200) {
            return new Figures(call, new double[0], null, status);
        }
        SteadyLoad.Part through;
        try (SteadyLoad load = new SteadyLoad(
                URI.create(installation.gateway()).getPort(),
                null,
                installation.key(),
                rate,
                CONNECTIONS,
                i -> call.path().apply(homes.get(i % homes.size())))) {
            TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
            long from = load.now();
            TimeUnit.SECONDS.sleep(seconds);
            through = load.between(from, load.now());
        }
        return new Figures(call, alone(call, homes, connection), through, status);
    }

    private static HttpRequest request(Call call, Home home, Installation installation) {
        return HttpRequest.newBuilder(
                        URI.create(installation.gateway() + call.path().apply(home)))
                .header("Authorization", "Bearer " + installation.key())
                .build();
    }

    private static double[] alone(Call call, List<Home> homes, Connection connection) throws SQLException {
        if (call.sql() == null) {
            return new double[0];
        }
        double[] times = new double[ALONE];
        try (PreparedStatement sql = connection.prepareStatement(call.sql())) {
            for (int i = -ALONE / 4; i < ALONE; i++) {
                long begun = System.nanoTime();
                sql.setObject(1, call.parameter().apply(homes.get(Math.floorMod(i * 7, homes.size()))));
                try (ResultSet rows = sql.executeQuery()) {
                    while (rows.next()) {
                        rows.getString(1);
                    }
                }
                if (i >= 0) {
                    times[i] = (System.nanoTime() - begun) / 1e6;
                }
            }
        }
        Arrays.sort(times);
        return times;
    }

    private static String row(Figures figures, int rate) {
        SteadyLoad.Part through = figures.through();
        if (through == null) {
            return String.format(
                    Locale.ROOT,
                    "| %s | %d | | | not answered: %d | | |%n",
                    figures.call().name(),
                    rate,
                    figures.firstStatus());
        }
        String alone = figures.alone().length == 0
                ? "| | "
                : String.format(Locale.ROOT, "| %.2f | %.2f ", at(figures.alone(), 0.5), at(figures.alone(), 0.99));
        return String.format(
                Locale.ROOT,
                "| %s | %d %s| %.2f | %.2f | %s |%n",
                figures.call().name(),
                rate,
                alone,
                through.percentile(0.5),
                through.percentile(0.99),
                through.failuresByKind());
    }

    private static double at(double[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    }

    private static String report(int homes, int sales, int rate, int seconds, String rows) {
        StringBuilder out = new StringBuilder("# Every service through the gateway\n\n");
        out.append(String.format(
                Locale.ROOT,
                "%s, %,d generated homes with %,d sales. The last sale of each home is a listing, from which signals and enrichment"
                        + " filled themselves; the timelines of all sales were written into the history's tables. Each call"
                        + " at %,d a second for %d s, one kind after another, of %,d homes in turn; enrichment keeps a home's"
                        + " value for a minute while no sale changes, so one row is of homes that nobody asked for before. A"
                        + " call's time counts from when it was due. \"Alone\" is the main statement over JDBC, %d times one"
                        + " after another. A call that is not below 5 ms at p50 and 25 ms at p99 is measured again at half the"
                        + " rate. The load comes from the same machine.%n%n",
                LocalDate.now(ZoneOffset.UTC),
                homes,
                sales,
                rate,
                seconds,
                ASKED,
                ALONE));
        Machine.facts()
                .forEach((what, value) ->
                        out.append("- ").append(what).append(": ").append(value).append('\n'));
        return out.append(
                        "\n| call | a second | alone p50 ms | alone p99 ms | through the gateway p50 ms | p99 ms | failed |\n")
                .append("|---|---|---|---|---|---|---|\n")
                .append(rows)
                .toString();
    }
}
