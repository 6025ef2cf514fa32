package dev.gatehouse.bench.webhooks;

import dev.gatehouse.bench.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What came of a crash run. */
final class CrashReport {
    final long seed;
    final Map<String, Integer> kills;
    final int events;
    final int unknown;
    final long settledSeconds;
    final List<Line> lines = new ArrayList<>();
    /** Pairs of event and endpoint with two rows. */
    int rowsTwice;
    /** Deliveries that no committed event asked for. */
    int unasked;
    /** Events that came under more than one {@code webhook-id}. */
    int changedIds;

    CrashReport(long seed, Map<String, Integer> kills, int events, int unknown, long settledSeconds) {
        this.seed = seed;
        this.kills = kills;
        this.events = events;
        this.unknown = unknown;
        this.settledSeconds = settledSeconds;
    }

    /** One endpoint. */
    static final class Line {
        final String endpoint;
        int expected;
        int delivered;
        int pending;
        int dead;
        int lost;
        /** Delivered by the database's word, but its receiver never acknowledged it. */
        int untrue;
        /** Deliveries that were acknowledged more than once. */
        int duplicates;

        Line(String endpoint) {
            this.endpoint = endpoint;
        }

        void count(@Nullable String status, CountingReceiver.@Nullable Got got) {
            expected++;
            int acknowledged = got == null ? 0 : got.acknowledged().get();
            duplicates += acknowledged > 1 ? 1 : 0;
            switch (status == null ? "" : status) {
                case "delivered" -> {
                    delivered++;
                    untrue += acknowledged == 0 ? 1 : 0;
                }
                case "pending" -> pending++;
                case "dead" -> dead++;
                default -> lost++;
            }
        }
    }

    boolean holds() {
        return events > 0
                && rowsTwice == 0
                && unasked == 0
                && changedIds == 0
                && lines.stream().allMatch(line -> line.lost == 0 && line.untrue == 0);
    }

    String text() {
        StringBuilder text = new StringBuilder("""
                # Webhooks through crashes

                Written by `./gatehouse bench webhooks crash`: workers, relay, feed, queue and database, each in a process of
                its own, are killed with SIGKILL at seeded moments while events are committed. Afterwards every pair of a
                committed event and an endpoint that wants it is looked up in the database and at the receiver.

                """);
        Machine.facts()
                .forEach((name, value) -> text.append("- ")
                        .append(name)
                        .append(": ")
                        .append(value)
                        .append('\n'));
        text.append("- seed ")
                .append(seed)
                .append("; ")
                .append(settledSeconds)
                .append(" s after the last kill nothing was due any more\n- killed: ");
        List<String> killed = new ArrayList<>();
        kills.forEach((name, count) -> killed.add(name + " " + count));
        text.append(String.join(", ", killed))
                .append("\n- ")
                .append(events)
                .append(" events committed; ")
                .append(unknown)
                .append(" transactions failed under their producer\n\n");
        text.append(
                "| endpoint | event × endpoint | delivered | pending | dead-lettered | lost | delivered twice or more |\n");
        text.append("|---|--:|--:|--:|--:|--:|--:|\n");
        for (Line line : lines) {
            text.append("| `")
                    .append(line.endpoint)
                    .append("` | ")
                    .append(line.expected)
                    .append(" | ")
                    .append(line.delivered)
                    .append(" | ")
                    .append(line.pending)
                    .append(" | ")
                    .append(line.dead)
                    .append(" | ")
                    .append(line.lost)
                    .append(" | ")
                    .append(line.duplicates)
                    .append(" |\n");
        }
        text.append(
                        "\n`/flaky` answers 500 to 15 in 100, `/down` always 503: its breaker opens and its deliveries wait.\n\n")
                .append("- delivered by the database's word, but never acknowledged by the receiver: ")
                .append(lines.stream().mapToInt(line -> line.untrue).sum())
                .append("\n- pairs with two rows: ")
                .append(rowsTwice)
                .append("\n- deliveries that no committed event asked for: ")
                .append(unasked)
                .append("\n- events that came under more than one `webhook-id`: ")
                .append(changedIds)
                .append("\n\n**")
                .append(holds() ? "Nothing is lost." : "THE PROMISE DOES NOT HOLD.")
                .append("**\n");
        return text.toString();
    }
}
