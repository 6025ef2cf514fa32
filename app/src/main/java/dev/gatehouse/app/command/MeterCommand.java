package dev.gatehouse.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "meter",
        description = "The ledger of usage: compare, verify, see to what was set aside, compare with an access log.",
        subcommands = MeterImportLogCommand.class)
final class MeterCommand {
    private static final String ROW = "%-30s  %-10s  %10s  %10s  %10s  %8s  %10s";

    @Command(
            name = "reconcile",
            description = {
                "Compare journals, streams, ledger, rollups and the counters in Redis.",
                "Exits with 1 on any difference."
            })
    int reconcile(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(names = "--tenant", paramLabel = "T", description = "A tenant's slug or id. Default: all") @Nullable
                    String tenant,
            @Option(names = "--from", paramLabel = "DAY", description = "First UTC day. Default: yesterday") @Nullable
                    LocalDate from,
            @Option(names = "--to", paramLabel = "DAY", description = "Last UTC day. Default: today") @Nullable
                    LocalDate to,
            @Option(names = "--repair", description = "First set Redis to the ledger's figures.") boolean repair,
            @Option(names = "--dry-run", description = "With --repair: only show what differs.") boolean dryRun,
            @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept in the audit log.") @Nullable
                    String reason) {
        AdminClient admin = connection.open();
        StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
        if (tenant != null) {
            query.add("tenant="
                    + admin.get("/tenants/" + PathText.segment(tenant))
                            .path("id")
                            .asText());
        }
        if (from != null) {
            query.add("from=" + from);
        }
        if (to != null) {
            query.add("to=" + to);
        }
        JsonNode found;
        if (repair && !dryRun) {
            if (reason != null) {
                query.add("reason=" + URLEncoder.encode(reason, StandardCharsets.UTF_8));
            }
            found = admin.changePatiently("POST", "/metering/reconciliation" + query, null);
        } else {
            found = admin.getPatiently("/metering/reconciliation" + query);
        }
        output.show(found, () -> show(output, found));
        return found.path("agrees").asBoolean() ? Exit.DONE : Exit.FAILED;
    }

    private static void show(Output output, JsonNode found) {
        output.line(String.format(Locale.ROOT, ROW, "tenant", "day", "ledger", "units", "rollup", "streamed", "redis"));
        long calls = 0;
        for (JsonNode row : found.path("tenants")) {
            calls += row.path("ledgerCalls").asLong();
            output.line(String.format(
                    Locale.ROOT,
                    ROW,
                    row.path("tenant").asText(),
                    row.path("day").asText(),
                    row.path("ledgerCalls").asText(),
                    row.path("ledgerUnits").asText(),
                    row.path("rollupCalls").asText(),
                    row.path("streamed").asText(),
                    row.path("counted").asLong() < 0 ? "-" : row.path("counted").asText()));
        }
        output.line("");
        for (JsonNode row : found.path("sequences")) {
            output.line(String.format(
                    Locale.ROOT,
                    "%-24s epoch %s %-8s  journaled %s  in the ledger %s (set aside %s)  declared lost %s%s",
                    row.path("producer").asText(),
                    row.path("epoch").asText(),
                    row.path("series").asText(),
                    row.path("journaled").asLong() < 0
                            ? "-"
                            : row.path("journaled").asText(),
                    row.path("held").asText(),
                    row.path("setAside").asText(),
                    row.path("gaps").asText(),
                    row.path("over").asBoolean() ? "  over" : ""));
        }
        output.line("");
        if (found.path("repaired").asInt() > 0) {
            output.line("Set " + found.path("repaired").asInt() + " values in Redis.");
        }
        findings(output, found);
        output.line(
                found.path("agrees").asBoolean()
                        ? "AGREES: every stage knows the same " + calls + " calls."
                        : "DIFFERS: see above. --repair sets Redis to the ledger's figures; what concerns ledger or"
                                + " rollups is not repaired but told.");
    }

    @Command(
            name = "verify",
            description = {
                "Walk the hash chain and recompute every rollup from the single calls. Reads the whole ledger.",
                "Exits with 1 on any finding."
            })
    int verify(@Mixin Connection connection, @Mixin Output output) {
        JsonNode found = connection.open().getPatiently("/metering/verification");
        boolean holds = found.path("holds").asBoolean();
        output.show(found, () -> {
            output.line("Walked " + found.path("batches").asLong() + " batches with "
                    + found.path("events").asLong() + " calls and "
                    + found.path("refusals").asLong() + " rows of refusals; of "
                    + found.path("notKept").asLong()
                    + " batches the rows are past their time and dropped.");
            findings(output, found);
            output.line(holds ? "HOLDS: the chain is whole and every sum is right." : "BROKEN: see above.");
        });
        return holds ? Exit.DONE : Exit.FAILED;
    }

    @Command(name = "dead-letters", description = "What the ledger could not take, and why. Exits with 1 if any waits.")
    int deadLetters(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(names = "--limit", paramLabel = "N", defaultValue = "100") int limit) {
        JsonNode letters = connection.open().get("/metering/dead-letters?limit=" + limit);
        output.show(letters, () -> {
            for (JsonNode letter : letters.path("data")) {
                output.line(String.format(
                        Locale.ROOT,
                        "%6s  %s  %s  %s",
                        letter.path("id").asText(),
                        letter.path("seen").asText(),
                        letter.path("producer").isNull()
                                ? "a whole entry"
                                : letter.path("producer").asText() + " "
                                        + letter.path("epoch").asText() + "/"
                                        + letter.path("seq").asText(),
                        letter.path("reason").asText()));
            }
            output.line(
                    letters.path("data").isEmpty()
                            ? "Nothing waits."
                            : "Replay one with: gatehouse meter replay ID [--at T] [--tenant T] [--cost N]; take one off"
                                    + " with: gatehouse meter dismiss ID --reason TEXT");
        });
        return letters.path("data").isEmpty() ? Exit.DONE : Exit.FAILED;
    }

    @Command(name = "replay", description = "Give an event that was set aside to the ledger again. Twice counts once.")
    void replay(
            @Mixin Change change,
            @Parameters(paramLabel = "ID", description = "As dead-letters lists it.") long id,
            @Option(names = "--at", paramLabel = "TIME", description = "Its right time, as in 2026-11-25T10:00:00Z.")
                    @Nullable
                    String at,
            @Option(names = "--tenant", paramLabel = "T", description = "Its right tenant, by slug or id.") @Nullable
                    String tenant,
            @Option(names = "--cost", paramLabel = "UNITS", description = "Its right cost.") @Nullable Long cost,
            @Option(
                            names = "--charged",
                            paramLabel = "UNITS",
                            description = "Its right charge. Default: by its outcome")
                    @Nullable
                    Long charged) {
        Map<String, Object> body = new LinkedHashMap<>();
        put(body, "at", at);
        put(body, "cost", cost);
        put(body, "charged", charged);
        if (tenant != null) {
            body.put(
                    "tenant",
                    change.connection
                            .open()
                            .get("/tenants/" + PathText.segment(tenant))
                            .path("id")
                            .asText());
        }
        change.make(
                "POST",
                "/metering/dead-letters/" + id + "/replay",
                body,
                event -> "Given to the ledger again as event 1 of replay-" + id + ": "
                        + event.path("operation").asText() + " of "
                        + event.path("tenant").asText() + " at "
                        + event.path("at").asText() + ".");
    }

    @Command(name = "dismiss", description = "Take a dead letter off the list without replaying it. It is kept.")
    void dismiss(@Mixin Change change, @Parameters(paramLabel = "ID") long id) {
        change.make(
                "POST",
                "/metering/dead-letters/" + id + "/dismiss",
                null,
                letter -> "Dead letter " + id + " is off the list.");
    }

    private static void findings(Output output, JsonNode found) {
        for (JsonNode finding : found.path("findings")) {
            output.line("  " + finding.path("where").asText() + ": "
                    + finding.path("what").asText());
        }
    }

    private static void put(Map<String, Object> body, String name, @Nullable Object value) {
        if (value != null) {
            body.put(name, value);
        }
    }
}
