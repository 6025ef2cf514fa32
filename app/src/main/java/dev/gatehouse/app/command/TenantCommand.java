package dev.gatehouse.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.runtime.json.Json;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "tenant", description = "Customers: make, show, suspend, put on a plan, give limits of their own.")
final class TenantCommand {
    @Command(name = "create", description = "Make a tenant.")
    void create(
            @Mixin Change change,
            @Parameters(paramLabel = "NAME", description = "Its name; the slug is made from it.") String name,
            @Option(names = "--plan", paramLabel = "P", defaultValue = "free", description = "Its plan. Default: free")
                    String plan) {
        change.make("POST", "/tenants", Map.of("name", name, "plan", plan), new Change.Shown() {
            @Override
            public String sentence(JsonNode tenant) {
                return "Made the tenant " + named(tenant) + " on plan "
                        + tenant.path("plan").asText() + ".";
            }

            @Override
            public JsonNode object(JsonNode tenant) {
                return Json.MAPPER
                        .createObjectNode()
                        .put("tenant", tenant.path("id").asText())
                        .put("slug", tenant.path("slug").asText());
            }
        });
    }

    @Command(
            name = "invite",
            description = "Make a tenant ready for somebody and invite them by mail: they become its owner.")
    void invite(
            @Mixin Change change,
            @Parameters(paramLabel = "MAIL", description = "Where the invitation goes.") String mail,
            @Option(names = "--plan", paramLabel = "P", defaultValue = "free", description = "Its plan. Default: free")
                    String plan,
            @Option(
                            names = "--name",
                            paramLabel = "NAME",
                            description = "The tenant's name. Default: the part of the mail address behind @.")
                    @Nullable
                    String name,
            @Option(
                            names = "--tenant",
                            paramLabel = "ID",
                            description = "Invite into this tenant instead of a new one.")
                    @Nullable
                    String tenant) {
        String id = tenant != null ? tenant : ready(change, mail, plan, name);
        if (id.isEmpty()) {
            // a dry run: the tenant that would be made cannot be invited into
            return;
        }
        change.make(
                "POST",
                at(id, "invitations"),
                Map.of("mail", mail),
                answer -> "Invited " + answer.path("mail").asText() + " to "
                        + answer.path("tenant").asText() + " as its owner. The link works until "
                        + answer.path("expiresAt").asText() + ".");
    }

    private static String ready(Change change, String mail, String plan, @Nullable String name) {
        String called = name != null ? name : mail.substring(mail.indexOf('@') + 1);
        if (change.dryRun) {
            change.make("POST", "/tenants", Map.of("name", called, "plan", plan), answer -> "");
            return "";
        }
        return change.connection
                .open()
                .change("POST", "/tenants", Map.of("name", called, "plan", plan))
                .path("id")
                .asText();
    }

    @Command(name = "list", description = "List tenants.")
    void list(@Mixin Connection connection, @Mixin Output output) {
        JsonNode page = connection.open().get("/tenants?limit=500");
        output.show(page, () -> {
            for (JsonNode tenant : page.path("data")) {
                output.line(String.format(
                        Locale.ROOT,
                        "%-30s  %-24s  %-12s  %s",
                        tenant.path("id").asText(),
                        tenant.path("slug").asText(),
                        tenant.path("plan").asText(),
                        tenant.path("status").asText()));
            }
            if (!page.at("/page/next").isNull() && !page.at("/page/next").isMissingNode()) {
                output.line("… and more. Only the first 500 are shown.");
            }
        });
    }

    @Command(name = "show", description = "Show one tenant.")
    void show(@Mixin Connection connection, @Mixin Output output, @Parameters(paramLabel = "T") String tenant) {
        JsonNode found = connection.open().get("/tenants/" + PathText.segment(tenant));
        output.show(found, () -> {
            output.line(named(found) + ", " + found.path("status").asText());
            output.line("  name    " + found.path("name").asText());
            output.line("  plan    " + found.path("plan").asText());
            output.line("  limits  " + limits(found.path("limits")));
            if (found.path("override").isObject()) {
                output.line("  its own " + found.path("override"));
            }
        });
    }

    @Command(name = "suspend", description = "Refuse the tenant's calls until it is resumed.")
    void suspend(@Mixin Change change, @Parameters(paramLabel = "T") String tenant) {
        change.make(
                "POST",
                at(tenant, "suspend"),
                null,
                answer -> named(answer) + " is suspended. Its calls answer 403 within a second.");
    }

    @Command(name = "resume", description = "Serve the tenant's calls again.")
    void resume(@Mixin Change change, @Parameters(paramLabel = "T") String tenant) {
        change.make("POST", at(tenant, "resume"), null, answer -> named(answer) + " is served again.");
    }

    @Command(name = "set-plan", description = "Put the tenant on a plan; limits of its own stay.")
    void setPlan(
            @Mixin Change change,
            @Parameters(paramLabel = "T") String tenant,
            @Parameters(paramLabel = "P") String plan) {
        change.make(
                "PUT",
                at(tenant, "plan"),
                Map.of("plan", plan),
                answer -> named(answer) + " is on plan " + answer.path("plan").asText() + ": "
                        + limits(answer.path("limits")) + ".");
    }

    @Command(
            name = "set-limit",
            description =
                    "Give the tenant limits of its own. What is left out is the plan's; no option at all ends them.")
    void setLimit(
            @Mixin Change change,
            @Parameters(paramLabel = "T") String tenant,
            @Option(names = "--daily", paramLabel = "UNITS", description = "Units per UTC day.") @Nullable Long daily,
            @Option(names = "--refill", paramLabel = "UNITS", description = "Units per minute.") @Nullable Long refill,
            @Option(names = "--burst", paramLabel = "UNITS", description = "Units at once.") @Nullable Long burst,
            @Option(
                            names = "--until",
                            paramLabel = "DATE",
                            description = "When they end: 2027-01-01, or an instant such as 2027-01-01T12:00:00Z.")
                    @Nullable
                    String until) {
        Map<String, Object> body = new LinkedHashMap<>();
        put(body, "daily", daily);
        put(body, "refillPerMinute", refill);
        put(body, "burst", burst);
        if (until != null) {
            body.put("until", instant(until).toString());
        }
        change.make(
                "PUT",
                at(tenant, "limits"),
                body,
                answer -> named(answer) + " has " + limits(answer.path("limits")) + ".");
    }

    static Instant instant(String text) {
        try {
            return text.contains("T")
                    ? Instant.parse(text)
                    : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeParseException e) {
            throw new CommandFailure(
                    Exit.USAGE, "\"" + text + "\" is no date: write 2027-01-01 or 2027-01-01T12:00:00Z.");
        }
    }

    private static void put(Map<String, Object> body, String name, @Nullable Object value) {
        if (value != null) {
            body.put(name, value);
        }
    }

    private static String at(String tenant, String what) {
        return "/tenants/" + PathText.segment(tenant) + "/" + what;
    }

    private static String named(JsonNode tenant) {
        return tenant.path("slug").asText() + " (" + tenant.path("id").asText() + ")";
    }

    private static String limits(JsonNode limits) {
        return String.format(
                Locale.ROOT,
                "%,d units a day, %,d a minute, %,d at once",
                limits.path("daily").asLong(),
                limits.path("refillPerMinute").asLong(),
                limits.path("burst").asLong());
    }
}
