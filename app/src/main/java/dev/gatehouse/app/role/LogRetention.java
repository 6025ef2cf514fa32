package dev.gatehouse.app.role;

import dev.gatehouse.runtime.config.Settings;
import dev.gatehouse.webhooks.Shares;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How long finished webhook deliveries are kept: {@code gatehouse.webhooks.keep}, for each plan that is not named in
 * {@code gatehouse.webhooks.keep-by-plan}, as in {@code free=7d, enterprise=90d}.
 *
 * @param byPlan by the plan's slug
 */
record LogRetention(Duration usual, Map<String, Duration> byPlan) {
    private static final String USUAL = "gatehouse.webhooks.keep";
    private static final String BY_PLAN = "gatehouse.webhooks.keep-by-plan";
    private static final String EXAMPLE = "free=7d, enterprise=90d";

    /** Below it a tenant would hardly find what it has just been told about. */
    private static final Duration SHORTEST = Duration.ofDays(1);

    LogRetention {
        byPlan = Map.copyOf(byPlan);
        require(USUAL, usual);
        byPlan.values().forEach(kept -> require(BY_PLAN, kept));
    }

    private static void require(String setting, Duration kept) {
        if (kept.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException(setting + " must be at least a day (1d)");
        }
    }

    /** @throws IllegalArgumentException when a setting cannot be read; says which and what it must be */
    static LogRetention of(Settings settings) {
        Map<String, Duration> byPlan = new HashMap<>();
        for (String item : settings.text(BY_PLAN, "").split(",")) {
            if (item.isBlank()) {
                continue;
            }
            String[] parts = item.split("=", -1);
            if (parts.length != 2 || parts[0].isBlank()) {
                throw new IllegalArgumentException(
                        BY_PLAN + " has \"" + item.strip() + "\": must be plans with durations, as in " + EXAMPLE);
            }
            byPlan.put(parts[0].strip(), Settings.duration(BY_PLAN, parts[1].strip()));
        }
        return new LogRetention(settings.duration(USUAL, Shares.KEPT), byPlan);
    }

    Duration of(String plan) {
        return byPlan.getOrDefault(plan, usual);
    }

    Duration longest() {
        return byPlan.values().stream().reduce(usual, (a, b) -> a.compareTo(b) > 0 ? a : b);
    }
}
