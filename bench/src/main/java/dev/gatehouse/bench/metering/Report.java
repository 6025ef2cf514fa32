package dev.gatehouse.bench.metering;

import dev.gatehouse.bench.Machine;
import dev.gatehouse.bench.gateway.MeteringShare;
import dev.gatehouse.metering.ledger.LedgerWriter;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** What was seen, as a page and as data. */
final class Report {
    private final MeteringOptions options;
    private final StringBuilder page = new StringBuilder();
    private final Map<String, Object> data = new LinkedHashMap<>();

    Report(MeteringOptions options) {
        this.options = options;
        LocalDate day = LocalDate.now(ZoneOffset.UTC);
        data.put("day", day.toString());
        data.put("machine", Machine.facts());
        page.append("# The ledger: how fast it is written and read\n\n")
                .append(day)
                .append(".\n\n");
        Machine.facts()
                .forEach((name, value) -> page.append("- ")
                        .append(name)
                        .append(": ")
                        .append(value)
                        .append('\n'));
    }

    void writer(List<Sample> samples) {
        data.put("writer", samples);
        page.append("""

                ## Writing

                One process on core 0; PostgreSQL (and Redis, in the row that reads a stream) on core 1, as an installation runs it:
                a commit is on the disk when it returns. Batches of %,d events, %,d events a round, %d alternating rounds after
                %,d events of warming up; each cell is the median of the rounds (lowest-highest). The ledger's writer decodes the
                frames, drops what is known, writes rows, ranges, rollups of minute, hour and day, percentile sketches and the hash
                chain, all in one transaction. The others write the raw rows alone; COPY is given bytes that were made before.
                """.formatted(
                        LedgerWriter.Options.usual("", Duration.ZERO).batchSize(),
                        options.batch(),
                        options.rounds(),
                        options.warmup()));
        for (int tenants :
                samples.stream().map(Sample::tenants).distinct().sorted().toList()) {
            List<Sample> of = samples.stream()
                    .filter(sample -> sample.tenants() == tenants)
                    .toList();
            page.append("\n%,d tenants:\n\n".formatted(tenants));
            page.append("| what writes | events/s | of bare COPY | its CPU µs/event | PostgreSQL's CPU µs/event |\n");
            page.append("|---|---|---|---|---|\n");
            Map<Integer, Double> copies = of.stream()
                    .filter(sample -> sample.contender().equals(WriterProcess.COPY))
                    .collect(Collectors.toMap(Sample::round, Sample::perSecond));
            for (String contender : List.of(
                    WriterProcess.LEDGER,
                    WriterProcess.AGAIN,
                    WriterProcess.STREAM,
                    WriterProcess.COPY,
                    WriterProcess.ON_CONFLICT,
                    WriterProcess.ROWS)) {
                List<Sample> rounds = of.stream()
                        .filter(sample -> sample.contender().equals(contender))
                        .toList();
                page.append("| %s | %s | %s | %s | %s |\n"
                        .formatted(
                                contender,
                                cell(rounds, Sample::perSecond, "%,.0f"),
                                cell(
                                        rounds,
                                        sample -> sample.perSecond() / copies.getOrDefault(sample.round(), Double.NaN),
                                        "%.2f"),
                                cell(rounds, Sample::cpuMicros, "%.1f"),
                                cell(rounds, Sample::serverMicros, "%.1f")));
            }
        }
    }

    void month(MonthSpeed.Result month) {
        data.put("month", month);
        page.append("""

                ## A month of %,d calls

                Of %,d tenants, over 30 days. The rows were put into the ledger's own tables by COPY, by-passing the writer (%,.0f s):
                every row with its frame, sums by hour and day and sketches by hour for the month, sums and sketches by the minute
                for its last 14 days, which is how long they are kept. Questions go through the reader that the usage API uses, as the
                tenant's own database role, one after the other: %,d each after %,d of warming up.

                | table | rows | MiB | its indexes MiB |
                |---|---|---|---|
                """.formatted(
                        month.events(), month.tenants(), month.loadSeconds(), options.asks(), options.asks() / 2));
        long all = 0;
        for (Map.Entry<String, long[]> table : month.sizes().entrySet()) {
            long[] of = table.getValue();
            all += of[1] + of[2];
            page.append("| `%s` | %,d | %,d | %,d |\n".formatted(table.getKey(), of[0], of[1] >> 20, of[2] >> 20));
        }
        page.append("\nTogether %,d MiB: %,d octets a call.\n".formatted(all >> 20, all / month.events()));
        page.append("\n| question | median ms | p99 ms | longest ms | goal |\n|---|---|---|---|---|\n");
        for (MonthSpeed.Times times : month.times()) {
            page.append("| %s | %.1f | %.1f | %.1f | %s |\n"
                    .formatted(
                            times.question(),
                            times.median(),
                            times.p99(),
                            times.longest(),
                            times.p99() < 50 ? "under 50 ms: met" : "under 50 ms: missed"));
        }
    }

    void lag(MonthSpeed.Times lag) {
        data.put("lag", lag);
        page.append("""

                ## How old the sums are

                5,000 calls/s of one tenant put on the stream every 25 ms, as the gateway's shipper does; the sums of the minute are
                asked for meanwhile. From a call's time to its being in the answer: median %.0f ms, p99 %.0f ms, longest %.0f ms
                (goal: under 2 s). All of it ran on both cores.
                """.formatted(lag.median(), lag.p99(), lag.longest()));
    }

    void share(MeteringShare.Share share) {
        data.put("share", share);
        page.append("""

                ## Metering's share of the gateway

                The gateway alone on core 0 under 64 connections, %,.0f requests/s, as in `bench gateway`: %.1f µs of CPU a request,
                of which %.1f µs are of its Java threads and sampled (the rest is compiler and collector). Of %,d samples
                by CPU time (JEP 509) **%.1f %%** are metering's (goal: at most 15 %%):

                | metering's work | share of the samples |
                |---|---|
                """.formatted(
                share.perSecond(), share.cpuMicros(), share.sampledMicros(), share.samples(), 100 * share.part()));
        share.byPart()
                .forEach((part, count) ->
                        page.append("| %s | %.1f %% |\n".formatted(part, 100.0 * count / share.samples())));
    }

    static String cell(List<Sample> rounds, ToDoubleFunction<Sample> figure, String format) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        if (sorted.length == 0) {
            return "-";
        }
        return String.format(Locale.ROOT, format, median(sorted)) + " ("
                + String.format(Locale.ROOT, format, sorted[0]) + "-"
                + String.format(Locale.ROOT, format, sorted[sorted.length - 1]) + ")";
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    String markdown() {
        return page.toString();
    }

    void write(Path results) throws IOException {
        Files.writeString(results.resolve("metering.md"), page);
        Files.writeString(results.resolve("metering.json"), Json.text(data) + "\n");
    }
}
