package dev.gatehouse.app.command;

import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.signals.SeriesImport;
import dev.gatehouse.signals.external.SeriesFile;
import dev.gatehouse.signals.external.SeriesFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "import-series",
        description = {
            "Import market series that others publish into a running installation (docs/signals.md).",
            "Twice changes nothing. Rejected rows are told with their reason; the rest is kept."
        })
final class ImportSeriesCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "CSV.")
    @SuppressWarnings("NullAway.Init")
    Path file;

    @Option(names = "--format", paramLabel = "texas-housing|metro-index", required = true, description = "What it is.")
    @SuppressWarnings("NullAway.Init")
    String format;

    @Mixin
    final Connection connection = new Connection();

    @Mixin
    final Output output = new Output();

    @Override
    public Integer call() {
        InputFile.require(file);
        SeriesFormat known = SeriesFormat.of(format)
                .orElseThrow(() -> new CommandFailure(
                        Exit.REFUSED, "The format " + format + " is not known: texas-housing or metro-index."));
        AdminClient admin = connection.open();
        try {
            show(SeriesImport.file(file, known, (path, body) -> admin.changePatiently("POST", path, body)));
        } catch (SeriesFile.Unreadable unreadable) {
            throw new CommandFailure(Exit.REFUSED, String.valueOf(unreadable.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Exit.DONE;
    }

    private void show(SeriesImport.Report report) {
        output.show(Json.MAPPER.valueToTree(report), () -> {
            output.count(report.rows(), "rows read");
            output.count(report.series(), "series");
            output.count(report.accepted(), "monthly values accepted: new or changed");
            output.count(report.unchanged(), "monthly values unchanged");
            output.count(report.blanks(), "of them blank");
            output.count(report.rejected().size(), "rejected");
            report.rejected().forEach(row -> output.line("  row " + row.row() + " " + row.reason()));
        });
    }
}
