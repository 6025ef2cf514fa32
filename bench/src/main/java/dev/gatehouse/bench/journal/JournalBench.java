package dev.gatehouse.bench.journal;

import dev.gatehouse.app.start.Logging;
import dev.gatehouse.bench.Machine;
import dev.gatehouse.bench.metering.GeneratedCalls;
import dev.gatehouse.kernel.usage.UsageEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * {@code bench journal}: the same events written down by the gateway's journal, by plain file channels and by what else the
 * class path brings, in alternating rounds of one thread: encoding and writing, each event timed.
 */
public final class JournalBench {
    private static final int TENANTS = 100;

    /**
     * @param cpuMicros CPU time of the appending thread per event
     * @param perSecond as fast as one thread can
     */
    private record Round(
            String contender,
            double perSecond,
            double cpuMicros,
            double p50Nanos,
            double p99Nanos,
            double p9999Nanos) {}

    private final int rounds;
    private final int events;
    private final Path folder;
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    private JournalBench(int rounds, int events, Path folder) {
        this.rounds = rounds;
        this.events = events;
        this.folder = folder;
    }

    /** @param arguments {@code --rounds=N --events=N --record=yes|no} */
    public static void run(Path root, List<String> arguments) throws IOException {
        Logging.toStandardOutput();
        int rounds = 7;
        int events = 200_000;
        boolean recorded = true;
        for (String argument : arguments) {
            String value = argument.substring(argument.indexOf('=') + 1);
            switch (argument.substring(0, Math.max(0, argument.indexOf('=')))) {
                case "--rounds" -> rounds = Integer.parseInt(value);
                case "--events" -> events = Integer.parseInt(value);
                case "--record" -> recorded = value.equals("yes");
                default -> {
                    System.err.println("gatehouse bench journal [--rounds=7] [--events=200000] [--record=yes|no]");
                    System.exit(2);
                }
            }
        }
        Path folder = Files.createTempDirectory("gatehouse-bench-journal");
        try {
            String page = new JournalBench(rounds, events, folder).measure();
            System.out.println(page);
            if (recorded) {
                Files.writeString(root.resolve("bench/results/journal.md"), page);
            }
        } finally {
            delete(folder);
        }
    }

    private static List<JournalContender> contenders() {
        List<JournalContender> contenders =
                new ArrayList<>(List.of(new OurJournal(), new ChannelJournal(0), new ChannelJournal(64 * 1_024)));
        ServiceLoader.load(JournalContender.class).forEach(contenders::add);
        contenders.add(new OurJournal());
        return contenders;
    }

    private String measure() throws IOException {
        Map<Integer, List<Round>> seen = new LinkedHashMap<>();
        List<JournalContender> all = contenders();
        List<UsageEvent> some = events(1);
        for (int round = -2; round < rounds; round++) {
            for (int i = 0; i < all.size(); i++) {
                // each round begins with another, so that none always follows the same one
                int which = Math.floorMod(i + round, all.size());
                Round measured = round(contenders().get(which), some);
                if (round >= 0) {
                    seen.computeIfAbsent(which, w -> new ArrayList<>()).add(measured);
                }
            }
        }
        return page(seen);
    }

    private List<UsageEvent> events(long epoch) {
        GeneratedCalls calls = new GeneratedCalls("gw_journal.0", epoch, TENANTS, 20_261_125);
        Instant now = Instant.now();
        List<UsageEvent> made = new ArrayList<>(events);
        for (int i = 0; i < events; i++) {
            made.add(calls.next(now.plusNanos(i * 20_000L)));
        }
        return made;
    }

    private Round round(JournalContender contender, List<UsageEvent> some) throws IOException {
        Path place = Files.createTempDirectory(folder, "round");
        long[] nanos = new long[events];
        System.gc();
        try (contender) {
            contender.open(place);
            long cpu = threads.getCurrentThreadCpuTime();
            long begun = System.nanoTime();
            for (int i = 0; i < events; i++) {
                long before = System.nanoTime();
                contender.append(some.get(i));
                nanos[i] = System.nanoTime() - before;
            }
            double took = System.nanoTime() - begun;
            double cpuMicros = (threads.getCurrentThreadCpuTime() - cpu) / 1e3 / events;
            Arrays.sort(nanos);
            return new Round(
                    contender.name(),
                    events * 1e9 / took,
                    cpuMicros,
                    nanos[events / 2],
                    nanos[(int) (events * 0.99)],
                    nanos[(int) (events * 0.9999)]);
        } finally {
            delete(place);
        }
    }

    private String page(Map<Integer, List<Round>> seen) {
        StringBuilder page = new StringBuilder("# Writing an event down on the gateway\n\n");
        page.append(LocalDate.now(ZoneOffset.UTC)).append(". ");
        page.append(String.format(
                Locale.ROOT,
                "%d alternating rounds of %,d events by one thread, encoding included, nothing forced to the disk, and shipped"
                        + " nowhere; CPU time is that of the appending thread; each cell is the median (lowest-highest). The last"
                        + " row is the first again (A/A).%n%n",
                rounds,
                events));
        Machine.facts()
                .forEach((name, value) -> page.append("- ")
                        .append(name)
                        .append(": ")
                        .append(value)
                        .append('\n'));
        page.append("\n| | events/s | CPU µs/event | p50 ns | p99 ns | p99.99 µs | a killed process leaves |\n");
        page.append("|---|---|---|---|---|---|---|\n");
        List<JournalContender> all = contenders();
        for (int which = 0; which < all.size(); which++) {
            List<Round> of = seen.getOrDefault(which, List.of());
            page.append("| ").append(all.get(which).name()).append(" | ");
            page.append(cell(of, Round::perSecond, "%,.0f")).append(" | ");
            page.append(cell(of, Round::cpuMicros, "%.2f")).append(" | ");
            page.append(cell(of, Round::p50Nanos, "%,.0f")).append(" | ");
            page.append(cell(of, Round::p99Nanos, "%,.0f")).append(" | ");
            page.append(cell(of, round -> round.p9999Nanos() / 1e3, "%,.0f")).append(" | ");
            page.append(all.get(which).survives()).append(" |\n");
        }
        return page.toString();
    }

    private static String cell(List<Round> rounds, ToDoubleFunction<Round> figure, String format) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        return String.format(Locale.ROOT, format, sorted[sorted.length / 2])
                + " ("
                + String.format(Locale.ROOT, format, sorted[0])
                + "-"
                + String.format(Locale.ROOT, format, sorted[sorted.length - 1])
                + ")";
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
