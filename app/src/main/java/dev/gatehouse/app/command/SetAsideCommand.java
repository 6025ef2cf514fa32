package dev.gatehouse.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "set-aside", description = "Records that some process cannot use: list, retry, drop.")
final class SetAsideCommand {
    @Command(
            name = "list",
            description = {
                "List the records of all processes, the oldest first.",
                "What a record concerns is refused; everything else goes on. Exits with 1 if there is any."
            })
    int list(@Mixin Connection connection, @Mixin Output output) {
        JsonNode records = connection.open().get("/set-aside");
        output.show(records, () -> {
            for (JsonNode record : records.path("data")) {
                output.line(String.format(
                        Locale.ROOT,
                        "%-16s  %-24s  %-32s  %5s times  since %s",
                        record.path("id").asText(),
                        record.path("source").asText(),
                        record.path("record").asText(),
                        record.path("times").asText(),
                        record.path("firstSeen").asText()));
                output.line("    " + record.path("reason").asText());
            }
            output.line(
                    records.path("data").isEmpty()
                            ? "Nothing is set aside."
                            : "Once what is wrong is mended: gatehouse set-aside retry ID, or retry --all. To take one off the list:"
                                    + " gatehouse set-aside drop ID --reason TEXT");
        });
        return records.path("data").isEmpty() ? Exit.DONE : Exit.FAILED;
    }

    @Command(name = "retry", description = "Try a record again. It stays listed when it still cannot be used.")
    void retry(
            @Mixin Change change,
            @Parameters(paramLabel = "ID", arity = "0..*", description = "As list shows it.") String[] ids,
            @Option(names = "--all", description = "Every record that is listed.") boolean all) {
        if (all) {
            for (JsonNode record : change.connection.open().get("/set-aside").path("data")) {
                retry(change, record.path("id").asText());
            }
        }
        if (ids != null) {
            for (String id : ids) {
                retry(change, id);
            }
        }
    }

    private static void retry(Change change, String id) {
        change.make(
                "POST",
                "/set-aside/" + PathText.segment(id) + "/retry",
                null,
                answer -> id + " is tried again within a second or two.");
    }

    @Command(name = "drop", description = "Take a record off the list without using it. Needs --reason.")
    void drop(@Mixin Change change, @Parameters(paramLabel = "ID", description = "As list shows it.") String id) {
        change.make(
                "POST",
                "/set-aside/" + PathText.segment(id) + "/drop",
                null,
                answer -> id + " is taken off the list within a second or two.");
    }
}
