package dev.gatehouse.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "route", description = "What the gateway fronts: add, list, remove, secret.")
final class RouteCommand {
    @Command(name = "add", description = "Put an HTTP service behind the gateway, or replace a route. No restart.")
    void add(
            @Mixin Change change,
            @Parameters(paramLabel = "NAME", description = "Lower case letters, digits and hyphens.") String name,
            @Option(
                            names = "--prefix",
                            paramLabel = "PATH",
                            required = true,
                            split = ",",
                            description = "Paths that belong to it, as in /v1/quotes.")
                    List<String> prefixes,
            @Option(
                            names = "--target",
                            paramLabel = "URL",
                            required = true,
                            split = ",",
                            description =
                                    "Where it answers, as in http://127.0.0.1:9000; several are equal to each other.")
                    List<String> targets,
            @Option(names = "--description", paramLabel = "FILE", description = "Its OpenAPI 3.1 description.")
                    @Nullable
                    Path description,
            @Option(names = "--cost", paramLabel = "UNITS", description = "Units of a call. Default: 1") @Nullable
                    Integer cost,
            @Option(names = "--scope", paramLabel = "NAME", description = "What a key must hold. Default: nothing")
                    @Nullable
                    String scope,
            @Option(names = "--health", paramLabel = "PATH", description = "Asked to learn whether a target is well.")
                    @Nullable
                    String health,
            @Option(names = "--strip-prefix", description = "The service sees the path without the prefix.")
                    boolean stripPrefix) {
        Map<String, Object> pool = new LinkedHashMap<>();
        pool.put("name", "default");
        pool.put("targets", targets);
        put(pool, "healthPath", health);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("prefixes", prefixes);
        body.put("pools", List.of(pool));
        body.put("stripPrefix", stripPrefix);
        put(body, "defaultCost", cost);
        put(body, "scope", scope);
        if (description != null) {
            body.put("description", InputFile.text("the description", description));
        }
        change.make(
                "PUT",
                "/routes/" + PathText.segment(name),
                body,
                route -> "The gateway leads " + String.join(", ", prefixes) + " to " + String.join(", ", targets)
                        + " within a second.\nThe service can check who calls: gatehouse route secret " + name
                        + " shows the secret, docs/services.md how.");
    }

    @Command(
            name = "secret",
            description = "Show the secret with which a service of yours checks who calls (docs/services.md).")
    void secret(@Mixin Connection connection, @Mixin Output output, @Parameters(paramLabel = "NAME") String name) {
        JsonNode secret = connection.open().get("/routes/" + PathText.segment(name) + "/secret");
        output.show(secret, () -> output.line(secret.path("secret").asText()));
    }

    @Command(name = "list", description = "List the routes.")
    void list(@Mixin Connection connection, @Mixin Output output) {
        JsonNode routes = connection.open().get("/routes");
        output.show(routes, () -> {
            for (JsonNode route : routes.path("data")) {
                output.line(String.format(
                        Locale.ROOT,
                        "%-16s  %-40s  %s",
                        route.path("name").asText(),
                        joined(route.path("prefixes")),
                        joined(route.at("/pools/0/targets"))));
            }
        });
    }

    @Command(name = "remove", description = "Take a route away.")
    void remove(@Mixin Change change, @Parameters(paramLabel = "NAME") String name) {
        change.make(
                "DELETE",
                "/routes/" + PathText.segment(name),
                null,
                answer -> "The route " + name + " is gone. Its paths answer 404 within a second.");
    }

    private static String joined(JsonNode texts) {
        StringBuilder all = new StringBuilder();
        for (JsonNode text : texts) {
            all.append(all.isEmpty() ? "" : ", ").append(text.asText());
        }
        return all.toString();
    }

    private static void put(Map<String, Object> body, String name, @Nullable Object value) {
        if (value != null) {
            body.put(name, value);
        }
    }
}
