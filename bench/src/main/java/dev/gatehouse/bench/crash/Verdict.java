package dev.gatehouse.bench.crash;

import java.util.List;
import java.util.Map;

/**
 * How a drill ended.
 *
 * @param matching of calls and ledger, with its three counts
 * @param gap numbers that gateways declared lost
 * @param refused refusals that callers received whole
 * @param refusals refusals that the ledger counts
 * @param deaths how often each part was started again
 * @param faults what is not as it must be; empty when the drill was passed
 */
record Verdict(
        Drill drill,
        Matching matching,
        long gap,
        long refused,
        long refusals,
        Map<String, Integer> deaths,
        long millis,
        List<String> faults) {
    boolean isPassed() {
        return faults.isEmpty();
    }

    String line() {
        return "%-46s %s  whole %d, of them once in the ledger %d; cut and not billed %d; anything else %d%s; refused %d, counted %d; %s; %.0f s"
                .formatted(
                        drill.name(),
                        isPassed() ? "PASSED" : "FAILED",
                        matching.whole(),
                        matching.once(),
                        matching.cut(),
                        matching.others(),
                        gap > 0 ? "; declared lost " + gap : "",
                        refused,
                        refusals,
                        deaths.isEmpty() ? "nothing died" : "died " + deaths,
                        millis / 1e3);
    }
}
