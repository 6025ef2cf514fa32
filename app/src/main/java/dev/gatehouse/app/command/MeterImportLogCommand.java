package dev.gatehouse.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.metering.accesslog.CallerSource;
import dev.gatehouse.metering.accesslog.CombinedFormat;
import dev.gatehouse.metering.accesslog.JsonLinesFormat;
import dev.gatehouse.metering.accesslog.LogComparison;
import dev.gatehouse.metering.accesslog.LogCount;
import dev.gatehouse.metering.accesslog.LogCount.Hour;
import dev.gatehouse.metering.accesslog.LogFormat;
import dev.gatehouse.runtime.json.Json;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "import-log",
        description = {
            "Count an old system's access log per tenant, and compare it with the ledger of the same hours.",
            "Nothing is written to the ledger. Lines that cannot be counted go to FILE.rejects.",
            "Calls answered 401, 403 or 429 count as refusals. Exits with 1 when an hour differs."
        })
final class MeterImportLogCommand implements Callable<Integer> {
    private static final Duration PAGE = Duration.ofDays(31);
    private static final String ROW = "%-28s  %12s  %12s  %12s  %12s";
    private static final int DIFFERENCES_SHOWN = 40;

    enum Format {
        combined,
        json
    }

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The log, plain or packed by gzip.")
    @SuppressWarnings("NullAway.Init")
    Path file;

    @Option(
            names = "--format",
            required = true,
            description = "combined (nginx and Apache, also common) or json (one object a line).")
    @SuppressWarnings("NullAway.Init")
    Format format;

    @Option(
            names = "--tenant-by",
            paramLabel = "WHAT",
            description = {
                "What tells the tenant. combined: user (default), address, query:NAME, path:N.",
                "json: a field, dots lead into objects (default tenant)."
            })
    @Nullable
    String tenantBy;

    @Option(names = "--time-field", paramLabel = "F", defaultValue = "time", description = "json: default time")
    @SuppressWarnings("NullAway.Init")
    String timeField;

    @Option(names = "--status-field", paramLabel = "F", defaultValue = "status", description = "json: default status")
    @SuppressWarnings("NullAway.Init")
    String statusField;

    @Option(
            names = "--tenants",
            paramLabel = "FILE",
            description = "Lines \"what the log says,slug\". Without it the log is taken to say slugs.")
    @Nullable
    Path tenants;

    @Mixin
    final Connection connection = new Connection();

    @Mixin
    final Output output = new Output();

    @Override
    public Integer call() {
        InputFile.require(file);
        Map<String, String> slugs = slugs();
        Path rejects = file.resolveSibling(file.getFileName() + ".rejects");
        try {
            LogCount count = count(rejects);
            Instant first = count.first();
            Instant last = count.last();
            if (first == null || last == null) {
                throw new CommandFailure(
                        Exit.REFUSED,
                        "None of the " + count.lines() + " lines is a call in the format " + format + ". See " + rejects
                                + ".");
            }
            Map<String, TreeMap<Instant, Hour>> logged = byTenant(count, slugs);
            Map<String, TreeMap<Instant, Hour>> ledgered = ledger(first, last);
            LogComparison compared = LogComparison.of(logged, ledgered, first, last);
            output.show(json(count, compared), () -> show(count, compared, first, last, rejects));
            return compared.agrees() ? Exit.DONE : Exit.FAILED;
        } catch (IOException e) {
            throw new CommandFailure(Exit.FAILED, file + " cannot be read: " + e.getMessage());
        }
    }

    private LogFormat lines() {
        try {
            return format == Format.json
                    ? new JsonLinesFormat(tenantBy == null ? "tenant" : tenantBy, timeField, statusField)
                    : new CombinedFormat(CallerSource.parse(tenantBy == null ? "user" : tenantBy));
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(Exit.USAGE, "--tenant-by: " + e.getMessage() + ".");
        }
    }

    private LogCount count(Path rejects) throws IOException {
        LogFormat lines = lines();
        Path filling = rejects.resolveSibling(rejects.getFileName() + ".new");
        try (InputStream in = open();
                PrintWriter out = new PrintWriter(Files.newBufferedWriter(filling));
                ProgressLine progress = new ProgressLine(spec.commandLine(), "lines read")) {
            LogCount count =
                    LogCount.of(in, lines, (number, text) -> out.println(number + ": " + text), progress::reach);
            out.close();
            if (count.broken() > 0) {
                Files.move(filling, rejects, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
            return count;
        } finally {
            Files.deleteIfExists(filling);
        }
    }

    private InputStream open() throws IOException {
        BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        in.mark(2);
        boolean packed = in.read() == 0x1f && in.read() == 0x8b;
        in.reset();
        return packed ? new BufferedInputStream(new GZIPInputStream(in), 1 << 16) : in;
    }

    private Map<String, String> slugs() {
        Map<String, String> slugs = new HashMap<>();
        Path given = tenants;
        if (given != null) {
            try {
                for (String line : Files.readAllLines(given)) {
                    int comma = line.lastIndexOf(',');
                    if (comma > 0) {
                        slugs.put(
                                line.substring(0, comma).strip(),
                                line.substring(comma + 1).strip());
                    }
                }
            } catch (IOException | UncheckedIOException e) {
                throw new CommandFailure(Exit.USAGE, given + " cannot be read as lines of \"caller,slug\".");
            }
        }
        return slugs;
    }

    private static Map<String, TreeMap<Instant, Hour>> byTenant(LogCount count, Map<String, String> slugs) {
        Map<String, TreeMap<Instant, Hour>> byTenant = new TreeMap<>();
        count.callers().forEach((caller, hours) -> {
            String tenant = caller.isEmpty() ? "(nobody)" : slugs.getOrDefault(caller, caller);
            TreeMap<Instant, Hour> sums = byTenant.computeIfAbsent(tenant, t -> new TreeMap<>());
            hours.forEach((hour, sum) ->
                    sums.merge(hour, sum, (a, b) -> new Hour(a.calls() + b.calls(), a.refusals() + b.refusals())));
        });
        return byTenant;
    }

    private Map<String, TreeMap<Instant, Hour>> ledger(Instant first, Instant last) {
        AdminClient admin = connection.open();
        Map<String, String> slugs = slugsById(admin);
        Map<String, TreeMap<Instant, Hour>> ledger = new TreeMap<>();
        Instant end = last.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
        for (Instant from = first.truncatedTo(ChronoUnit.HOURS); from.isBefore(end); from = from.plus(PAGE)) {
            Instant to = from.plus(PAGE).isBefore(end) ? from.plus(PAGE) : end;
            for (JsonNode row : admin.getPatiently("/metering/hours?from=" + from + "&to=" + to)
                    .path("data")) {
                String id = row.path("tenant").asText();
                ledger.computeIfAbsent(slugs.getOrDefault(id, id), t -> new TreeMap<>())
                        .put(
                                Instant.parse(row.path("hour").asText()),
                                new Hour(
                                        row.path("calls").asLong(),
                                        row.path("refusals").asLong()));
            }
        }
        return ledger;
    }

    private static Map<String, String> slugsById(AdminClient admin) {
        Map<String, String> slugs = new HashMap<>();
        String cursor = "";
        do {
            JsonNode page = admin.get("/tenants?limit=500" + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
            for (JsonNode tenant : page.path("data")) {
                slugs.put(tenant.path("id").asText(), tenant.path("slug").asText());
            }
            cursor = page.at("/page/next").asText("");
            if (cursor.equals("null")) {
                cursor = "";
            }
        } while (!cursor.isEmpty());
        return slugs;
    }

    private void show(LogCount count, LogComparison compared, Instant first, Instant last, Path rejects) {
        output.line("The log holds " + count.lines() + " lines from " + first + " to " + last + ".");
        output.line("");
        output.line(String.format(Locale.ROOT, ROW, "tenant", "log calls", "ledger", "log refused", "ledger"));
        compared.rows()
                .forEach(row -> output.line(String.format(
                        Locale.ROOT,
                        ROW,
                        row.tenant(),
                        row.log().calls(),
                        row.ledger().calls(),
                        row.log().refusals(),
                        row.ledger().refusals())));
        output.line("");
        compared.differences().stream()
                .limit(DIFFERENCES_SHOWN)
                .forEach(differs -> output.line("  " + differs.tenant() + " at " + differs.hour() + ": the log has "
                        + differs.log().calls() + " calls, the ledger "
                        + differs.ledger().calls()));
        if (compared.differences().size() > DIFFERENCES_SHOWN) {
            output.line("  … and " + (compared.differences().size() - DIFFERENCES_SHOWN) + " more hours.");
        }
        if (count.broken() > 0) {
            output.line(count.broken() + " lines could not be counted: " + rejects);
        }
        if (count.anonymous() > 0) {
            output.line(count.anonymous() + " calls tell no tenant: they stand as (nobody).");
        }
        output.line(
                compared.agrees()
                        ? "AGREES: log and ledger hold the same calls in every hour."
                        : "DIFFERS in " + compared.differences().size() + " hours.");
    }

    private static JsonNode json(LogCount count, LogComparison compared) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("agrees", compared.agrees());
        answer.put("lines", count.lines());
        answer.put("broken", count.broken());
        answer.put("anonymous", count.anonymous());
        answer.put("tenants", compared.rows());
        answer.put("differences", compared.differences());
        return Json.MAPPER.valueToTree(answer);
    }
}
