package dev.gatehouse.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "status", description = "Show what runs, and where.")
final class StatusCommand implements Callable<Integer> {
    @Mixin
    final Connection connection = new Connection();

    @Mixin
    final Output output = new Output();

    @Override
    public Integer call() {
        JsonNode status = connection.open().get("/status");
        output.show(status, () -> {
            boolean ready = status.path("ready").asBoolean();
            output.line(ready ? "Gatehouse is up." : "Gatehouse is up in part.");
            for (Map.Entry<String, JsonNode> role : status.path("roles").properties()) {
                row(role);
            }
            for (Map.Entry<String, JsonNode> engine : status.path("engines").properties()) {
                row(engine);
                story(engine.getValue());
            }
            long aside = status.path("setAside").asLong();
            if (aside > 0) {
                output.line(aside + " records cannot be used and are set aside. See: gatehouse set-aside list");
            }
            output.row("admin", "", status.path("admin").path("url").asText());
            output.row("data", "", status.path("data").asText());
            status.path("warnings").forEach(warning -> output.line("Warning: " + warning.asText()));
        });
        return status.path("ready").asBoolean() ? Exit.DONE : Exit.FAILED;
    }

    private void row(Map.Entry<String, JsonNode> part) {
        output.row(
                part.getKey(),
                part.getValue().path("state").asText(),
                part.getValue().path("url").asText(""));
    }

    /** What happened to an engine that Gatehouse started, if anything did. */
    private void story(JsonNode engine) {
        int restarts = engine.path("restarts").asInt();
        String note = engine.path("note").asText("");
        if (!note.isEmpty()) {
            output.row("", "", "restarted " + (restarts == 1 ? "once" : restarts + " times") + "; last: " + note);
        }
    }
}
