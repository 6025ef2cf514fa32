package dev.gatehouse.bench.fuzz;

import dev.gatehouse.bench.sandbox.Options;
import dev.gatehouse.engines.EnginesForTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/** {@code bench fuzz-upstream}: a gateway before a hostile service, by the million mutated answers, from a seed. */
public final class FuzzUpstreamBench {
    private FuzzUpstreamBench() {}

    /** Runs it; exits with 1 when the gateway did not stand it. */
    public static void run(Path root, List<String> arguments) throws IOException, InterruptedException {
        Options options = Options.parse(arguments, "answers", "seed", "clients", "record");
        long seed = Long.parseLong(options.text("seed", Long.toString(System.nanoTime())));
        System.out.println("seed " + seed);
        Path folder = Files.createTempDirectory("gatehouse-fuzz-upstream-");
        UpstreamFuzz.Result result = UpstreamFuzz.run(
                EnginesForTests.redis(),
                folder,
                seed,
                options.number("answers", 1_000_000),
                options.number("clients", 64));
        String report = report(result);
        System.out.println(report);
        if (options.text("record", "yes").equals("yes")) {
            Files.createDirectories(root.resolve("bench/results"));
            Files.writeString(root.resolve("bench/results/fuzz-upstream.md"), report);
        }
        System.exit(result.faults().isEmpty() ? 0 : 1);
    }

    private static String report(UpstreamFuzz.Result result) {
        StringBuilder out = new StringBuilder("# A hostile service\n\n");
        out.append(String.format(
                Locale.ROOT,
                "%s, %,d mutated answers and %,d calls in %d s, seed %d. Octets of one call in another's answer, calls beyond their"
                        + " limit, places, counts and connections that were not given back: %s.%n%n",
                LocalDate.now(ZoneOffset.UTC),
                result.mutated(),
                result.calls(),
                result.took().toSeconds(),
                result.seed(),
                result.faults().isEmpty() ? "none" : "\n- " + String.join("\n- ", result.faults())));
        out.append(String.format(
                Locale.ROOT,
                "The slowest call took %d ms. The gateway closed %,d connections as what came on them was in doubt; %,d carried"
                        + " another call after an answer that the mutations had left right.%n%n",
                result.slowest().toMillis(),
                result.doubted(),
                result.kept()));
        out.append("| call, and the status that its client saw | how often |\n|---|---|\n");
        result.outcomes()
                .forEach((what, count) -> out.append("| ")
                        .append(what)
                        .append(" | ")
                        .append(count)
                        .append(" |\n"));
        return out.toString();
    }
}
