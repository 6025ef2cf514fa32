package dev.gatehouse.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "billing", description = "Prices and bills: list, approve, credit, close, reconcile, ask what if.")
final class BillingCommand {
    @Command(name = "prices", description = "Every version of every plan's prices.")
    void prices(@Mixin Connection connection, @Mixin Output output) {
        JsonNode page = connection.open().get("/billing/prices");
        output.show(page, () -> {
            for (JsonNode list : page.path("data")) {
                output.line(String.format(
                        Locale.ROOT,
                        "%-14s %s  version %-3d from %s  fee %s, %,d units included, %s",
                        list.path("plan").asText(),
                        list.path("currency").asText(),
                        list.path("version").asInt(),
                        list.path("from").asText(),
                        list.path("baseFee").asText(),
                        list.path("includedUnits").asLong(),
                        units(list.path("units"))));
            }
        });
    }

    /** A unit's price in a line; steps as docs/prices.md writes them. */
    private static String units(JsonNode price) {
        if (price.has("flat")) {
            return "then " + price.path("flat").asText() + " per 1,000";
        }
        StringJoiner steps = new StringJoiner(", ", price.has("volume") ? "then by volume: " : "then graduated: ", "");
        for (JsonNode step : price.has("volume") ? price.path("volume") : price.path("graduated")) {
            steps.add(
                    step.hasNonNull("upTo")
                            ? String.format(
                                    Locale.ROOT,
                                    "%s per 1,000 up to %,d",
                                    step.path("per1000").asText(),
                                    step.path("upTo").asLong())
                            : step.path("per1000").asText() + " per 1,000 beyond");
        }
        return steps.toString();
    }

    /** @return the text when it is a month */
    private static String month(String text) {
        try {
            return YearMonth.parse(text).toString();
        } catch (DateTimeException e) {
            throw new CommandFailure(Exit.USAGE, "\"" + text + "\" is no month: write it as in 2026-10.");
        }
    }

    @Command(
            name = "add-prices",
            description = "Add the versions of a prices file (docs/prices.md) that are not there yet.")
    void addPrices(@Mixin Change change, @Parameters(paramLabel = "FILE") Path file) {
        for (JsonNode list : tree(file).path("prices")) {
            String path =
                    "/billing/prices/" + PathText.segment(list.path("plan").asText())
                            + "/" + PathText.segment(list.path("currency").asText())
                            + "/" + list.path("version").asInt();
            JsonNode body = list;
            change.make(
                    "PUT",
                    path,
                    body,
                    answer -> answer.path("plan").asText() + " has version "
                            + answer.path("version").asInt() + " in "
                            + answer.path("currency").asText() + ", from "
                            + answer.path("from").asText() + ".");
        }
    }

    private static JsonNode tree(Path file) {
        try {
            return Json.YAML.readTree(InputFile.text("prices", file));
        } catch (IOException e) {
            throw new CommandFailure(Exit.USAGE, "The file " + file + " is neither YAML nor JSON: " + e.getMessage());
        }
    }

    @Command(name = "show", description = "A tenant's prices, its own ones, and its month to date.")
    void show(@Mixin Connection connection, @Mixin Output output, @Parameters(paramLabel = "T") String tenant) {
        JsonNode found = connection.open().get("/tenants/" + PathText.segment(tenant) + "/billing");
        output.show(found, () -> {
            output.line(found.path("slug").asText() + " pays in "
                    + found.path("currency").asText());
            output.line("  month to date  " + found.path("monthToDate").asText());
            output.line("  estimate       " + found.path("estimate").asText("after the first hour"));
            JsonNode prices = found.path("prices");
            output.line(String.format(
                    Locale.ROOT,
                    "  prices         %s version %d: fee %s, %,d units included, %s",
                    prices.path("plan").asText(),
                    prices.path("version").asInt(),
                    prices.path("baseFee").asText(),
                    prices.path("includedUnits").asLong(),
                    units(prices.path("units"))));
            output.line("  draft          " + found.path("draft").asText("none"));
            lines(output, found.path("lines"));
            found.path("faults").forEach(fault -> output.line("  fault          " + fault.asText()));
            found.path("overrides").forEach(own -> output.line("  its own        " + own));
            if (found.path("spendCapped").asBoolean()) {
                output.line("  Its spend cap is reached: calls that cost something are refused.");
            }
        });
    }

    @Command(name = "override", description = "Give a tenant prices of its own: a file as in docs/prices.md.")
    void override(
            @Mixin Change change,
            @Parameters(paramLabel = "T") String tenant,
            @Parameters(paramLabel = "FILE") Path file) {
        change.make(
                "POST",
                "/tenants/" + PathText.segment(tenant) + "/billing/overrides",
                tree(file),
                answer ->
                        tenant + " has prices of its own: " + answer.path("id").asText() + ".");
    }

    @Command(name = "end-override", description = "End prices of a tenant's own.")
    void endOverride(
            @Mixin Change change,
            @Parameters(paramLabel = "T") String tenant,
            @Parameters(paramLabel = "ID") String id,
            @Option(names = "--until", paramLabel = "DATE", required = true, description = "As in 2027-01-01.")
                    String until) {
        change.make(
                "POST",
                "/tenants/" + PathText.segment(tenant) + "/billing/overrides/" + PathText.segment(id) + "/end",
                Map.of("until", TenantCommand.instant(until).toString()),
                answer -> id + " ends at " + answer.path("until").asText() + ".");
    }

    @Command(name = "currency", description = "The currency in which a tenant pays, from the running month on.")
    void currency(
            @Mixin Change change,
            @Parameters(paramLabel = "T") String tenant,
            @Parameters(paramLabel = "CURRENCY") String currency) {
        change.make(
                "PUT",
                "/tenants/" + PathText.segment(tenant) + "/billing/currency",
                Map.of("currency", currency),
                answer -> tenant + " pays in " + answer.path("currency").asText() + ".");
    }

    @Command(name = "add-line", description = "Put a line on a tenant's next invoice; less than 0 gives money back.")
    void addLine(
            @Mixin Change change,
            @Parameters(paramLabel = "T") String tenant,
            @Parameters(paramLabel = "AMOUNT", description = "As in 250.00 or -20.00 (after --).") String amount,
            @Parameters(paramLabel = "CURRENCY") String currency,
            @Parameters(paramLabel = "TEXT", description = "For the tenant to read.") String text) {
        change.make(
                "POST",
                "/tenants/" + PathText.segment(tenant) + "/billing/lines",
                Map.of("amount", amount, "currency", currency, "text", text),
                answer -> "The next invoice of " + tenant + " bears "
                        + answer.path("amount").asText() + " "
                        + answer.path("currency").asText() + ".");
    }

    @Command(name = "invoices", description = "Stored invoices, the newest period first.")
    void invoices(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(names = "--state", paramLabel = "S", description = "grace, held, parked or final.") @Nullable
                    String state,
            @Option(names = "--month", paramLabel = "M", description = "As in 2026-10.") @Nullable String month) {
        StringBuilder query = new StringBuilder("?limit=1000");
        if (state != null) {
            query.append("&state=").append(PathText.segment(state));
        }
        if (month != null) {
            query.append("&month=").append(month(month));
        }
        JsonNode page = connection.open().get("/billing/invoices" + query);
        output.show(page, () -> {
            for (JsonNode invoice : page.path("data")) {
                output.line(String.format(
                        Locale.ROOT,
                        "%s  %s  %-7s %-12s %14s %s  %s",
                        invoice.path("id").asText(),
                        invoice.at("/period/from").asText().substring(0, 7),
                        invoice.path("state").asText(),
                        invoice.path("number").asText("–"),
                        invoice.path("total").asText(),
                        invoice.path("currency").asText(),
                        invoice.path("tenant").asText()));
                if (invoice.path("waitsFor").isTextual()) {
                    output.line("    " + invoice.path("waitsFor").asText());
                }
            }
        });
    }

    @Command(name = "invoice", description = "One invoice: its lines, its states, and what both calculators came to.")
    void invoice(@Mixin Connection connection, @Mixin Output output, @Parameters(paramLabel = "ID") String id) {
        JsonNode found = connection.open().get("/billing/invoices/" + PathText.segment(id));
        output.show(found, () -> {
            output.line(found.path("number").asText("Not numbered yet") + ", "
                    + found.path("state").asText() + ": " + found.path("total").asText() + " "
                    + found.path("currency").asText());
            lines(output, found.path("lines"));
            for (JsonNode state : found.path("history")) {
                output.line("  " + state.path("at").asText() + "  "
                        + state.path("to").asText() + " by " + state.path("by").asText() + " "
                        + state.path("reason").asText(""));
            }
            if (found.path("secondCalculator").isObject()) {
                output.line("  second calculator: " + found.path("secondCalculator"));
            }
        });
    }

    private static void lines(Output output, JsonNode lines) {
        for (JsonNode line : lines) {
            output.line(String.format(
                    Locale.ROOT,
                    "  %2d  %-50s %14s",
                    line.path("number").asInt(),
                    line.path("text").asText(),
                    line.path("amount").asText()));
        }
    }

    @Command(name = "evidence", description = "Write the bundle that verify-invoice checks.")
    void evidence(
            @Mixin Connection connection,
            @Mixin Output output,
            @Parameters(paramLabel = "ID") String id,
            @Parameters(paramLabel = "FILE") Path file) {
        JsonNode bundle = connection.open().get("/billing/invoices/" + PathText.segment(id) + "/evidence");
        try {
            Files.writeString(file, bundle.toString(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new CommandFailure(Exit.FAILED, "The file " + file + " cannot be written: " + e.getMessage());
        }
        output.show(
                Json.MAPPER.createObjectNode().put("file", file.toString()),
                () -> output.line("The bundle is in " + file + ". Check it with: gatehouse verify-invoice " + file));
    }

    @Command(name = "approve", description = "Let a held invoice become final. Wants --reason.")
    void approve(@Mixin Change change, @Parameters(paramLabel = "ID") String id) {
        change.make(
                "POST",
                "/billing/invoices/" + PathText.segment(id) + "/approve",
                null,
                answer -> id + " is approved, and becomes final with the next close.");
    }

    @Command(name = "recheck", description = "Let both calculators look at a parked invoice again. Wants --reason.")
    void recheck(@Mixin Change change, @Parameters(paramLabel = "ID") String id) {
        change.make(
                "POST",
                "/billing/invoices/" + PathText.segment(id) + "/recheck",
                null,
                answer -> id + " is rated again with the next close.");
    }

    @Command(
            name = "credit",
            description = "Give back a part of a final invoice. Wants --reason, for the tenant to read.")
    void credit(
            @Mixin Change change,
            @Parameters(paramLabel = "ID") String id,
            @Parameters(paramLabel = "AMOUNT") String amount) {
        change.make(
                "POST",
                "/billing/invoices/" + PathText.segment(id) + "/credit-notes",
                Map.of("amount", amount),
                answer -> "Made the credit note " + answer.path("number").asText() + ".");
    }

    @Command(
            name = "close",
            description = "Bring every invoice as far as it can go by now, as the schedule does."
                    + " Exit code 5: some could not be brought further.")
    int close(
            @Mixin Change change,
            @Option(names = "--month", paramLabel = "M", description = "Only this month, as in 2026-10.") @Nullable
                    String month) {
        String query = change.query(month == null ? "" : "month=" + month(month));
        JsonNode result = change.connection.open().changePatiently("POST", "/billing/close" + query, null);
        if (change.dryRun) {
            change.showTrial(result);
            return Exit.DONE;
        }
        Output output = change.output;
        output.show(result, () -> {
            output.line(result.path("drafted").asInt() + " drafted, "
                    + result.path("finished").asInt() + " final, "
                    + result.path("held").asInt() + " held, "
                    + result.path("parked").asInt() + " parked, "
                    + result.path("failed").asInt() + " failed.");
            for (JsonNode failure : result.path("failures")) {
                output.line("  " + failure.path("tenant").asText() + " "
                        + failure.path("month").asText() + "  "
                        + failure.path("why").asText());
            }
        });
        return result.path("failed").asInt() == 0 ? Exit.DONE : Exit.REFUSED;
    }

    @Command(
            name = "move-prices",
            description = "Move tenants that agreed to another version of these prices to this one."
                    + " --dry-run shows whom it would move.")
    void movePrices(
            @Mixin Change change,
            @Parameters(paramLabel = "PLAN") String plan,
            @Parameters(paramLabel = "CURRENCY") String currency,
            @Parameters(paramLabel = "VERSION") int version,
            @Option(names = "--from", paramLabel = "DATE", required = true, description = "As in 2027-01-01.")
                    String from,
            @Option(names = "--tenant", paramLabel = "T", description = "Only this tenant.") @Nullable String tenant) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("from", TenantCommand.instant(from).toString());
        if (tenant != null) {
            body.put("tenant", tenant);
        }
        change.make(
                "POST",
                "/billing/prices/" + PathText.segment(plan) + "/" + PathText.segment(currency) + "/" + version
                        + "/move",
                body,
                answer -> {
                    StringJoiner text = new StringJoiner("\n");
                    for (JsonNode moved : answer.path("tenants")) {
                        text.add(moved.path("slug").asText() + "  version "
                                + moved.path("version").asText() + " becomes "
                                + moved.path("becomes").asText() + ", the fee "
                                + moved.path("baseFee").asText() + " becomes "
                                + moved.path("newBaseFee").asText());
                    }
                    for (JsonNode fault : answer.path("faults")) {
                        text.add(fault.path("tenant").asText() + "  not moved: "
                                + fault.path("why").asText());
                    }
                    return text.add(answer.path("tenants").size() + " tenants move to "
                                    + answer.path("prices").asText() + " from "
                                    + answer.path("from").asText() + " on.")
                            .toString();
                });
    }

    @Command(
            name = "end",
            description = "End the agreement with a suspended tenant: the running month's invoice is its last.")
    void end(@Mixin Change change, @Parameters(paramLabel = "T") String tenant) {
        change.make(
                "POST",
                "/tenants/" + PathText.segment(tenant) + "/billing/end",
                null,
                answer -> "The agreement with " + tenant + " ended at "
                        + answer.path("endedAt").asText() + ". Its last invoice follows.");
    }

    @Command(name = "what-if", description = "Rate months of the past under other prices. Changes nothing.")
    void whatIf(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(names = "--prices", paramLabel = "FILE", required = true, description = "A prices file.")
                    Path prices,
            @Option(names = "--from", paramLabel = "M", required = true, description = "First month, as in 2026-07.")
                    String from,
            @Option(names = "--to", paramLabel = "M", required = true, description = "Last month.") String to) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("prices", InputFile.text("prices", prices));
        body.put("from", month(from));
        body.put("to", month(to));
        JsonNode page = connection.open().changePatiently("POST", "/billing/what-if", body);
        output.show(page, () -> {
            Map<String, BigDecimal> sums = new TreeMap<>();
            output.line(String.format(
                    Locale.ROOT, "%-28s %4s %14s %14s %14s", "tenant", "", "was", "would be", "difference"));
            for (JsonNode row : page.path("data")) {
                output.line(String.format(
                        Locale.ROOT,
                        "%-28s %4s %14s %14s %14s",
                        row.path("slug").asText(),
                        row.path("currency").asText(),
                        row.path("was").asText(),
                        row.path("would").asText(),
                        row.path("difference").asText()));
                sums.merge(
                        row.path("currency").asText(),
                        new BigDecimal(row.path("difference").asText()),
                        BigDecimal::add);
            }
            sums.forEach((currency, sum) ->
                    output.line(String.format(Locale.ROOT, "All together: %s %s", sum.toPlainString(), currency)));
            for (JsonNode finding : page.path("findings")) {
                output.line("  " + finding.path("tenant").asText() + " "
                        + finding.path("what").asText());
            }
            output.line("Nothing was changed.");
        });
    }

    @Command(
            name = "reconcile",
            description = "Compare ledger, ratings and invoices of a month, to the unit. Exit code 5: they disagree.")
    int reconcile(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(names = "--month", paramLabel = "M", required = true, description = "As in 2026-10.")
                    String month) {
        JsonNode found = connection.open().getPatiently("/billing/reconciliation?month=" + month(month));
        boolean agrees = found.path("agrees").asBoolean();
        output.show(found, () -> {
            figure(output, "single calls in the ledger", found.path("ledger"));
            figure(output, "the ledger's sums", found.path("rollups"));
            figure(output, "rated", found.path("rated"));
            figure(output, "on invoices", found.path("invoiced"));
            figure(output, "came later: on the next invoice", found.path("toAdjust"));
            for (JsonNode finding : found.path("findings")) {
                output.line("  " + finding.path("tenant").asText() + " "
                        + finding.path("what").asText());
            }
            output.line(
                    agrees
                            ? "Ledger, ratings and invoices of " + month + " agree, over "
                                    + found.path("invoices").asInt() + " invoices."
                            : "They do NOT agree: " + found.path("findings").size() + " findings.");
        });
        return agrees ? Exit.DONE : Exit.REFUSED;
    }

    private static void figure(Output output, String name, JsonNode units) {
        output.line(String.format(Locale.ROOT, "  %-32s %,18d units", name, units.asLong()));
    }
}
