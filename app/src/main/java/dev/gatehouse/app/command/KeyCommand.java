package dev.gatehouse.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.runtime.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "key", description = "API keys: make, list, revoke, rotate.")
final class KeyCommand {
    @Command(name = "create", description = "Make a key. It is shown once.")
    void create(
            @Mixin Change change,
            @Option(names = "--tenant", paramLabel = "T", required = true, description = "Whose key.") String tenant,
            @Option(names = "--name", paramLabel = "NAME", description = "What it is for.") @Nullable String name,
            @Option(names = "--mode", paramLabel = "live|test", description = "Default: live") @Nullable String mode,
            @Option(names = "--scopes", paramLabel = "A,B", split = ",", description = "Services; all by default.")
                    @Nullable
                    List<String> scopes,
            @Option(names = "--expires", paramLabel = "DATE", description = "First instant at which it is refused.")
                    @Nullable
                    String expires,
            @Option(
                            names = "--allow-ip",
                            paramLabel = "A,B",
                            split = ",",
                            description = "Addresses and ranges that it may be used from.")
                    @Nullable
                    List<String> addresses,
            @Option(names = "--quota-percent", paramLabel = "N", description = "Its share of the daily quota.")
                    @Nullable
                    Integer share) {
        Map<String, Object> body = new LinkedHashMap<>();
        put(body, "name", name);
        put(body, "mode", mode);
        put(body, "scopes", scopes);
        put(body, "allowedAddresses", addresses);
        put(body, "quotaPercent", share);
        if (expires != null) {
            body.put("expiresAt", TenantCommand.instant(expires).toString());
        }
        change.make("POST", "/tenants/" + PathText.segment(tenant) + "/keys", body, new Issued("Made"));
    }

    @Command(name = "list", description = "List a tenant's keys, newest first.")
    void list(
            @Mixin Connection connection,
            @Mixin Output output,
            @Option(names = "--tenant", paramLabel = "T", required = true) String tenant) {
        JsonNode keys = connection.open().get("/tenants/" + PathText.segment(tenant) + "/keys");
        output.show(keys, () -> {
            for (JsonNode key : keys.path("data")) {
                output.line(String.format(
                        Locale.ROOT,
                        "%-30s  %-18s  %-20s  %s",
                        key.path("id").asText(),
                        key.path("prefix").asText(),
                        key.path("name").asText(),
                        state(key)));
            }
        });
    }

    @Command(name = "revoke", description = "Refuse the key from now on, for ever.")
    void revoke(@Mixin Change change, @Parameters(paramLabel = "KEY_ID") String key) {
        change.make(
                "POST",
                "/keys/" + PathText.segment(key) + "/revoke",
                null,
                answer -> answer.path("id").asText() + " is revoked since "
                        + answer.path("revokedAt").asText() + ". Calls with it answer 401 within a second.");
    }

    @Command(name = "rotate", description = "Make a key like this one, and let this one expire.")
    void rotate(
            @Mixin Change change,
            @Parameters(paramLabel = "KEY_ID") String key,
            @Option(
                            names = "--overlap",
                            paramLabel = "SECONDS",
                            defaultValue = "86400",
                            description = "How long both work. Default: a day")
                    long overlap) {
        change.make(
                "POST",
                "/keys/" + PathText.segment(key) + "/rotate",
                Map.of("overlapSeconds", overlap),
                new Issued("Made in its place"));
    }

    /** A key with its text, which is in this answer and nowhere else. */
    private record Issued(String verb) implements Change.Shown {
        @Override
        public String sentence(JsonNode key) {
            return verb + ": " + key.path("id").asText() + "\n\n  "
                    + key.path("key").asText() + "\n\nKeep it now: it is not shown again.";
        }

        @Override
        public JsonNode object(JsonNode key) {
            return Json.MAPPER
                    .createObjectNode()
                    .put("id", key.path("id").asText())
                    .put("key", key.path("key").asText());
        }
    }

    private static String state(JsonNode key) {
        if (key.path("revokedAt").isTextual()) {
            return "revoked " + key.path("revokedAt").asText();
        }
        return key.path("expiresAt").isTextual()
                ? "expires " + key.path("expiresAt").asText()
                : "works";
    }

    private static void put(Map<String, Object> body, String name, @Nullable Object value) {
        if (value != null) {
            body.put(name, value);
        }
    }
}
