package dev.gatehouse.bench.metering;

import dev.gatehouse.app.start.Logging;
import dev.gatehouse.bench.gateway.MeteringShare;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code bench metering}: how fast the ledger is written beside other ways to write its rows, how big a month is and how
 * soon a tenant's figures are there, and how much of a gateway's CPU time metering takes.
 */
public final class MeteringBench {
    private MeteringBench() {}

    /** Runs it, and writes the report to {@code bench/results} unless the options say that it is a trial. */
    public static void run(Path root, List<String> arguments) throws Exception {
        MeteringOptions options;
        try {
            options = MeteringOptions.parse(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        Logging.toStandardOutput();
        Path folder = Files.createTempDirectory("gatehouse-bench-metering");
        try {
            Report report = new Report(options);
            if (options.parts().contains("writer")) {
                report.writer(new WriterSpeed(options, folder).measure());
            }
            if (options.parts().contains("month")) {
                report.month(new MonthSpeed(options, folder).measure());
            }
            if (options.parts().contains("lag")) {
                report.lag(new UsageLag(options.seconds(), folder).measure());
            }
            if (options.parts().contains("share")) {
                report.share(MeteringShare.measure(root, options.seconds(), options.seconds()));
            }
            System.out.println(report.markdown());
            if (options.isRecorded()) {
                report.write(root.resolve("bench/results"));
            }
        } finally {
            delete(folder);
        }
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
