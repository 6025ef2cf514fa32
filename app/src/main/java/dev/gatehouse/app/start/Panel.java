package dev.gatehouse.app.start;

import dev.gatehouse.app.installation.Demo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the terminal shows once all is up: what runs, where, how to use it. */
final class Panel {
    private static final String COLUMN = "  %-9s %s";

    private Panel() {}

    static List<String> lines(Status status, Duration took, Path tokenFile, Path log) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(String.format(
                Locale.ROOT,
                status.ready() ? "Gatehouse is up after %.1f s." : "Gatehouse is up in part after %.1f s.",
                took.toMillis() / 1000.0));
        lines.add("");
        address(lines, "API", status.gateway());
        address(lines, "Portal", status.portal());
        address(lines, "Mailbox", status.mail());
        line(lines, "Admin", status.admin().url() + "   token in " + tokenFile);
        line(lines, "Data", status.data());
        line(lines, "Log", log.toString());
        if (!status.ready()) {
            status.roles().forEach((name, role) -> {
                if (role.state().equals("down")) {
                    line(lines, name, "is down; why stands in the log");
                }
            });
        }
        if (status.setAside() > 0) {
            line(lines, "Set aside", status.setAside() + " records cannot be used: gatehouse set-aside list");
        }
        Demo demo = status.demo();
        Status.Address gateway = status.gateway();
        if (demo != null && gateway != null) {
            lines.add("");
            line(lines, "Demo key", demo.key() + "   (tenant " + demo.slug() + ")");
            line(
                    lines,
                    "Try",
                    "curl -H 'Authorization: Bearer " + demo.key() + "' '" + gateway.url() + sample(status) + "'");
        }
        for (String warning : status.warnings()) {
            lines.add("");
            lines.add("  Warning: " + warning);
        }
        lines.add("");
        lines.add("Ctrl-C stops it.");
        return lines;
    }

    /** A call that works with the roles of this process. */
    private static String sample(Status status) {
        return status.roles().containsKey("listings") ? "/v2/listings?limit=2" : "/v2/account/limits";
    }

    private static void address(List<String> lines, String name, Status.@Nullable Address address) {
        if (address != null) {
            line(lines, name, address.url());
        }
    }

    private static void line(List<String> lines, String name, String text) {
        lines.add(String.format(Locale.ROOT, COLUMN, name, text));
    }
}
