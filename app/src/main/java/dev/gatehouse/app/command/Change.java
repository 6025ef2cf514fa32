package dev.gatehouse.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every command that changes something takes. */
final class Change {
    @Mixin
    final Connection connection = new Connection();

    @Mixin
    final Output output = new Output();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept in the audit log.")
    @Nullable
    String reason;

    @Option(names = "--dry-run", description = "Change nothing, show what would change.")
    boolean dryRun;

    /** Makes the change and shows the answer, or with {@code --dry-run} what would be. */
    void make(String method, String path, @Nullable Object body, Shown shown) {
        JsonNode answer = connection.open().change(method, path + query(), body);
        if (dryRun) {
            showTrial(answer);
            return;
        }
        output.show(shown.object(answer), () -> output.line(shown.sentence(answer)));
    }

    /** Shows what would be. */
    void showTrial(JsonNode answer) {
        output.show(answer, () -> {
            output.line("Nothing is changed. It would be:");
            output.line("  before  " + answer.path("before"));
            output.line("  after   " + answer.path("after"));
        });
    }

    private String query() {
        return query("");
    }

    /** @param more a query's part of the command's own; empty for none */
    String query(String more) {
        StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
        if (!more.isEmpty()) {
            query.add(more);
        }
        if (reason != null) {
            query.add("reason=" + URLEncoder.encode(reason, StandardCharsets.UTF_8));
        }
        if (dryRun) {
            query.add("dryRun=true");
        }
        return query.toString();
    }

    /** How an answer is shown. */
    @FunctionalInterface
    interface Shown {
        String sentence(JsonNode answer);

        default JsonNode object(JsonNode answer) {
            return answer;
        }
    }
}
