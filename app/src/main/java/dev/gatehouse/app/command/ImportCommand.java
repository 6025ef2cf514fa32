package dev.gatehouse.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.listings.ImportPreview;
import dev.gatehouse.listings.ImportRefused;
import dev.gatehouse.listings.ImportReport;
import dev.gatehouse.listings.ListingsImport;
import dev.gatehouse.runtime.json.Json;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "import",
        description = {
            "Import homes from a CSV file into a running installation.",
            "Rejected rows go to FILE.rejects.csv. It may be stopped and run again; twice changes nothing."
        })
final class ImportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "CSV, plain or packed by gzip.")
    @SuppressWarnings("NullAway.Init")
    Path file;

    @Option(
            names = "--mapping",
            paramLabel = "NAME",
            required = true,
            description = "lucas-county, nyc-rolling-sales, or the path of a mapping of your own (docs/import.md).")
    @SuppressWarnings("NullAway.Init")
    String mapping;

    @Option(names = "--dry-run", description = "Show what the mapping makes of the file, and store nothing.")
    boolean dryRun;

    @Mixin
    final Connection connection = new Connection();

    @Mixin
    final Output output = new Output();

    @Override
    public Integer call() {
        InputFile.require(file);
        try {
            if (dryRun) {
                show(ListingsImport.preview(file, mapping));
            } else {
                store();
            }
        } catch (ImportRefused refused) {
            throw new CommandFailure(Exit.REFUSED, String.valueOf(refused.getMessage()));
        }
        return Exit.DONE;
    }

    private void store() {
        AdminClient admin = connection.open();
        try (ListingsImport into = ListingsImport.through(
                        (path, body) -> admin.changePatiently("POST", path, body), InstantSource.system());
                ProgressLine progress = new ProgressLine(command(), "rows read")) {
            ImportReport report = into.file(file, mapping, progress::reach);
            progress.close();
            show(report);
        }
    }

    private picocli.CommandLine command() {
        return output.command.commandLine();
    }

    private void show(ImportReport report) {
        JsonNode json = Json.MAPPER.valueToTree(report);
        output.show(json, () -> {
            output.count(report.read(), "rows read");
            output.count(report.accepted(), "accepted: new or changed");
            output.count(report.unchanged(), "unchanged");
            output.count(report.duplicates(), "duplicates of an earlier row");
            rejected(report.rejected(), Map.of());
            if (!report.rejected().isEmpty()) {
                output.line("The rejected rows and why are in " + ListingsImport.rejects(file));
            }
        });
    }

    private void show(ImportPreview preview) {
        JsonNode json = Json.MAPPER.valueToTree(preview);
        output.show(json, () -> {
            int number = 0;
            for (Map<String, String> row : preview.first()) {
                number++;
                output.line("Row " + number + " that fits becomes");
                row.forEach((field, value) -> output.line(String.format(Locale.ROOT, "  %-22s %s", field, value)));
            }
            output.line("");
            output.count(preview.read(), "rows read");
            output.count(preview.mapped(), "would be stored, or compared with what is stored");
            rejected(preview.rejected(), preview.examples());
            output.line("Nothing was stored: this was a dry run.");
        });
    }

    private void rejected(Map<String, Long> reasons, Map<String, String> examples) {
        output.count(reasons.values().stream().mapToLong(Long::longValue).sum(), "rejected");
        new TreeMap<>(reasons).forEach((reason, count) -> {
            String example = examples.get(reason);
            output.line(
                    String.format(Locale.ROOT, "  %,12d %s%s", count, reason, example == null ? "" : "  " + example));
        });
    }
}
