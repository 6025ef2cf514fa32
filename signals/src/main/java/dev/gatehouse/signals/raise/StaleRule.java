package dev.gatehouse.signals.raise;

import dev.gatehouse.kernel.signal.Severity;
import dev.gatehouse.kernel.signal.SignalType;
import dev.gatehouse.signals.market.Home;
import dev.gatehouse.signals.market.Timeline;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When a home has been for sale for long. No event says so: each home carries the instant at which its next level is due,
 * and whoever is due is looked up by an index.
 */
public final class StaleRule {

    private record Level(int days, Severity severity) {}

    private static final List<Level> LEVELS =
            List.of(new Level(90, Severity.LOW), new Level(180, Severity.MEDIUM), new Level(365, Severity.HIGH));

    private StaleRule() {}

    /** When the next level is due: the end of its last day in UTC. Empty when none is. */
    public static Optional<Instant> due(Home home) {
        LocalDate since = Timeline.onMarketSince(home);
        return since == null ? Optional.empty() : next(home).map(level -> dueAt(since, level));
    }

    /** The signal of the highest level that is due by now. */
    public static Optional<Raised> raise(Home home, Instant now) {
        LocalDate since = Timeline.onMarketSince(home);
        if (since == null) {
            return Optional.empty();
        }
        return LEVELS.reversed().stream()
                .filter(level ->
                        level.days > home.staleDays() && !dueAt(since, level).isAfter(now))
                .findFirst()
                .map(level -> raised(home, since, level));
    }

    /** The home after {@link #raise}. */
    public static Home after(Home home, Instant now) {
        LocalDate since = Timeline.onMarketSince(home);
        if (since == null) {
            return home;
        }
        return LEVELS.reversed().stream()
                .filter(level ->
                        level.days > home.staleDays() && !dueAt(since, level).isAfter(now))
                .findFirst()
                .map(level -> home.withStaleDays(level.days))
                .orElse(home);
    }

    private static Raised raised(Home home, LocalDate since, Level level) {
        Map<String, @Nullable Object> evidence = new LinkedHashMap<>();
        evidence.put("OnMarketDate", since);
        evidence.put("DaysOnMarket", level.days);
        evidence.put("ListPrice", home.terms().listPrice());
        return new Raised(
                SignalType.STALE_LISTING,
                level.severity,
                home,
                dueAt(since, level),
                "stale " + since + " " + level.days,
                evidence);
    }

    private static Optional<Level> next(Home home) {
        return LEVELS.stream().filter(level -> level.days > home.staleDays()).findFirst();
    }

    private static Instant dueAt(LocalDate since, Level level) {
        return since.plusDays(level.days).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
