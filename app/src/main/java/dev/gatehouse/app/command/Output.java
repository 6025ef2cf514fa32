package dev.gatehouse.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What a command prints: for people, or with {@code --json} one object and nothing else. */
final class Output {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    CommandSpec command;

    @Option(names = "--json", description = "Print one JSON object and nothing else.")
    boolean json;

    /** @param text prints it for people */
    void show(JsonNode answer, Runnable text) {
        if (json) {
            line(answer.toString());
        } else {
            text.run();
        }
    }

    void line(String text) {
        command.commandLine().getOut().println(text);
    }

    /** A line of a tally, numbers below one another. */
    void count(long number, String what) {
        line(String.format(Locale.ROOT, "%,12d %s", number, what));
    }

    void row(String name, String state, String rest) {
        line(String.format(Locale.ROOT, "  %-10s %-5s %s", name, state, rest).stripTrailing());
    }
}
