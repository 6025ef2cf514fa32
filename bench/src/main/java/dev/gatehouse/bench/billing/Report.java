package dev.gatehouse.bench.billing;

import dev.gatehouse.bench.Machine;
import dev.gatehouse.billing.close.PeriodClose;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/**
 * What was seen, as {@code bench/results/billing.md}.
 *
 * @param loadSeconds that the loading took, in this run or in the one that made the data
 * @param draftSeconds from the month's end to its drafts
 * @param finalSeconds from the end of the grace period to final invoices
 * @param heap most bytes of Java's heap that were in use after a collection, or at the end of a step
 */
record Report(
        BillingOptions options,
        double loadSeconds,
        List<MonthToDateTimes.Times> times,
        PeriodClose.Result drafted,
        double draftSeconds,
        PeriodClose.Result closed,
        double finalSeconds,
        long heap) {
    private static final double ASK_GOAL = 50;
    private static final double CLOSE_GOAL = 60;

    boolean isWhole() {
        return drafted.drafted() == options.tenants() && closed.finished() == options.tenants();
    }

    String markdown() {
        StringBuilder page = new StringBuilder();
        page.append(line(
                """
                # Billing

                %s. `./gatehouse bench billing --events=%d --tenants=%d --asks=%d`. PostgreSQL as `gatehouse up` starts it, every
                commit forced to the disk; only the loading (%.0f s) was not.

                """, LocalDate.now(ZoneOffset.UTC), options.events(), options.tenants(), options.asks(), loadSeconds));
        Machine.facts().forEach((name, value) -> page.append(line("- %s: %s%n", name, value)));
        page.append(line("""

                ## A tenant's month to date

                `GET /v2/account/billing` on the month's last second, at the service, one request after the other. Goal: below
                %.0f ms.

                | whose | asks | median ms | p99 ms | longest ms | |
                |---|---|---|---|---|---|
                """, ASK_GOAL));
        for (MonthToDateTimes.Times time : times) {
            page.append(line(
                    "| %s | %,d | %.1f | %.1f | %.1f | %s |%n",
                    time.whose(),
                    time.asks(),
                    time.median(),
                    time.p99(),
                    time.longest(),
                    verdict(time.p99() < ASK_GOAL)));
        }
        page.append(line(
                """

                ## The close of a month

                %,d calls of %,d tenants, each call counted from the rollups and again singly, rated twice, and compared with
                the tenant's season of eight weeks. Goal: below %.0f s together. At most %,d MB of Java's heap were in use.

                | step | seconds | |
                |---|---|---|
                | %,d drafts, from the rollups | %.1f | |
                | %,d final, recounted from single calls, rated twice | %.1f | |
                | **together** | **%.1f** | %s |
                """,
                options.events(),
                options.tenants(),
                CLOSE_GOAL,
                heap / 1_000_000,
                drafted.drafted(),
                draftSeconds,
                closed.finished(),
                finalSeconds,
                draftSeconds + finalSeconds,
                verdict(draftSeconds + finalSeconds < CLOSE_GOAL)));
        if (!isWhole()) {
            page.append(line("%n**Not all of them:** drafted %s, closed %s.%n", drafted, closed));
        }
        return page.toString();
    }

    private static String verdict(boolean reached) {
        return reached ? "reached" : "**missed**";
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    void write(Path results) throws IOException {
        Files.writeString(results.resolve("billing.md"), markdown());
    }
}
