package dev.gatehouse.bench.crash;

import dev.gatehouse.bench.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The verdicts of a run, as a table. */
final class CrashReport {
    private final CrashOptions options;
    private final List<Verdict> verdicts = new ArrayList<>();

    CrashReport(CrashOptions options) {
        this.options = options;
    }

    void add(Verdict verdict) {
        verdicts.add(verdict);
    }

    boolean isPassed() {
        return verdicts.stream().allMatch(Verdict::isPassed);
    }

    String summary() {
        long passed = verdicts.stream().filter(Verdict::isPassed).count();
        return String.format(
                Locale.ROOT,
                "%d of %d drills passed. Answers received whole: %,d, of them in the ledger exactly once: %,d (declared"
                        + " lost by full journals: %,d). Events of cut calls, none billed: %,d. Anything else in the"
                        + " ledger: %,d. Refusals received: %,d,"
                        + " counted: %,d.",
                passed,
                verdicts.size(),
                verdicts.stream()
                        .mapToLong(verdict -> verdict.matching().whole())
                        .sum(),
                verdicts.stream()
                        .mapToLong(verdict -> verdict.matching().once())
                        .sum(),
                verdicts.stream().mapToLong(Verdict::gap).sum(),
                verdicts.stream().mapToLong(verdict -> verdict.matching().cut()).sum(),
                verdicts.stream()
                        .mapToLong(verdict -> verdict.matching().others())
                        .sum(),
                verdicts.stream().mapToLong(Verdict::refused).sum(),
                verdicts.stream().mapToLong(Verdict::refusals).sum());
    }

    void write(Path file) throws IOException {
        StringBuilder text = new StringBuilder("# The crash matrix\n\n");
        text.append("`./gatehouse bench crash --points=")
                .append(options.points())
                .append(" --seeds=")
                .append(options.seeds())
                .append(" --first-seed=")
                .append(options.first())
                .append(" --seconds=")
                .append(options.seconds())
                .append("`, ")
                .append(LocalDate.now(ZoneOffset.UTC))
                .append(".\n\n");
        Machine.facts()
                .forEach((name, value) -> text.append("- ")
                        .append(name)
                        .append(": ")
                        .append(value)
                        .append('\n'));
        text.append("- engines: the embedded PostgreSQL 18 (fsync on) and Redis 6.2\n\n");
        text.append("""
                Two gateways, two writers, Redis and PostgreSQL, each a process of its own, under load by callers that send
                their own request ids and note every answer that came whole. A drill is passed when every answer received
                whole is in the ledger exactly once (or, where a journal was made to run full, within what it declared
                lost), every other event is of a call that its caller saw cut, is marked unknown and is not billed, nothing else is
                in the ledger, refusals agree by count, the chain and every rollup hold, sequences are whole, and Redis'
                counters are the ledger's. One in which nothing happened (a point not reached, a journal not full, a
                lease that stayed) has failed.

                """);
        text.append(summary()).append("\n\n");
        text.append(
                "| drill | verdict | whole | once in the ledger | cut, not billed | anything else | declared lost | refused | counted |"
                        + " started again |\n|---|---|---:|---:|---:|---:|---:|---:|---:|---|\n");
        for (Verdict verdict : verdicts) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %s | %d | %d | %d | %d | %d | %d | %d | %s |\n",
                    verdict.drill().name(),
                    verdict.isPassed()
                            ? "passed"
                            : "FAILED: " + String.join("; ", verdict.faults()).replaceAll("\\s+", " "),
                    verdict.matching().whole(),
                    verdict.matching().once(),
                    verdict.matching().cut(),
                    verdict.matching().others(),
                    verdict.gap(),
                    verdict.refused(),
                    verdict.refusals(),
                    verdict.deaths().isEmpty()
                            ? ""
                            : verdict.deaths().toString().replaceAll("[{}]", "")));
        }
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
