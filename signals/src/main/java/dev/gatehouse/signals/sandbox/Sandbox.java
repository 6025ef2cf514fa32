package dev.gatehouse.signals.sandbox;

import dev.gatehouse.kernel.area.Area;
import dev.gatehouse.kernel.area.NearestAreas;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.sandbox.SandboxHomes;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.signals.Markets;
import dev.gatehouse.signals.Period;
import dev.gatehouse.signals.Signal;
import dev.gatehouse.signals.SignalQuery;
import dev.gatehouse.signals.Signals;
import dev.gatehouse.signals.market.Figures;
import dev.gatehouse.signals.market.Home;
import dev.gatehouse.signals.market.HomeReader;
import dev.gatehouse.signals.market.MarketMonths;
import dev.gatehouse.signals.market.Medians;
import dev.gatehouse.signals.market.MonthSums;
import dev.gatehouse.signals.market.Timeline;
import dev.gatehouse.signals.raise.Raised;
import dev.gatehouse.signals.raise.SignalRules;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What test keys see: the town of Sandbox, by the same rules and the same arithmetic as the real market. */
public final class Sandbox implements Signals, Markets {
    private static final Comparator<Signal> NEWEST_FIRST =
            Comparator.comparing(Signal::raisedAt).thenComparing(Signal::id).reversed();
    private static final int MOST_NEAR = 3;

    private record Kept(Signal signal, List<String> areas) {}

    private final List<Kept> signals = new ArrayList<>();
    private final Map<String, TreeMap<YearMonth, Figures>> figures = new TreeMap<>();

    public Sandbox() {
        Map<String, Home> homes = new LinkedHashMap<>();
        for (DomainEvent event : SandboxHomes.events(Json::text)) {
            HomeReader.Said said = HomeReader.read(event).orElseThrow();
            Home known = homes.get(said.home().listingKey());
            homes.put(said.home().listingKey(), known == null ? said.home() : known.with(said.home()));
            SignalRules.on(said.home(), event)
                    .forEach(raised -> signals.add(
                            new Kept(signal(raised), raised.home().site().areas())));
        }
        signals.sort(Comparator.comparing(Kept::signal, NEWEST_FIRST));
        for (Home home : homes.values()) {
            for (String area : home.site().marketAreas()) {
                TreeMap<YearMonth, Figures> months = figures.computeIfAbsent(area, a -> new TreeMap<>());
                Timeline.of(home)
                        .forEach((month, more) -> months.computeIfAbsent(month, m -> new Figures())
                                .add(more));
            }
        }
    }

    private static Signal signal(Raised raised) {
        return raised.signal(raised.occurredAt());
    }

    @Override
    public List<Signal> page(SignalQuery query, SignalQuery.@Nullable Position after, int limit) {
        return signals.stream()
                .filter(kept -> query.area() == null
                        || (query.area().kind() == Area.Kind.GEOHASH
                                ? kept.areas.stream()
                                        .anyMatch(area ->
                                                area.startsWith(query.area().text()))
                                : kept.areas.contains(query.area().text())))
                .map(Kept::signal)
                .filter(signal -> query.types().isEmpty() || query.types().contains(signal.type()))
                .filter(signal ->
                        query.property() == null || signal.propertyKey().equals(query.property()))
                .filter(signal -> query.since() == null || !signal.raisedAt().isBefore(query.since()))
                .filter(signal -> query.least() == null || signal.severity().isAtLeast(query.least()))
                .filter(signal -> after == null || isAfter(signal, after))
                .limit(limit)
                .toList();
    }

    private static boolean isAfter(Signal signal, SignalQuery.Position position) {
        int order = signal.raisedAt().compareTo(position.raisedAt());
        return order < 0 || (order == 0 && signal.id().compareTo(position.id()) < 0);
    }

    @Override
    public Optional<MarketMonths> find(Area area, Period period, @Nullable YearMonth to) {
        TreeMap<YearMonth, Figures> all = figures.get(area.text());
        if (all == null) {
            return Optional.empty();
        }
        Map<YearMonth, Figures> periods = new HashMap<>();
        List<MonthSums> months = new ArrayList<>();
        all.forEach((month, more) -> {
            periods.computeIfAbsent(period.start(month), start -> new Figures()).add(more);
            if (to == null || !month.isAfter(to)) {
                months.add(MonthSums.of(month, more));
            }
        });
        Map<YearMonth, Medians> medians = new HashMap<>();
        periods.forEach((start, sum) -> medians.put(start, Medians.of(sum)));
        return Optional.of(new MarketMonths(months, period, medians));
    }

    @Override
    public List<String> nearest(Area area) {
        return NearestAreas.to(area, figures.keySet(), MOST_NEAR);
    }
}
