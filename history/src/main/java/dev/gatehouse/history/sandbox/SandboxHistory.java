package dev.gatehouse.history.sandbox;

import dev.gatehouse.history.History;
import dev.gatehouse.history.HistoryEntry;
import dev.gatehouse.history.TimelineQuery;
import dev.gatehouse.history.timeline.Entries;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.event.ListingState;
import dev.gatehouse.kernel.sandbox.SandboxHomes;
import dev.gatehouse.runtime.json.Json;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The timelines of the sandbox's homes, in memory. */
public final class SandboxHistory implements History {
    private static final Comparator<HistoryEntry> IN_ORDER = Comparator.comparing(HistoryEntry::happenedAt)
            .thenComparing(HistoryEntry::sequence)
            .thenComparing(HistoryEntry::part);

    private final Map<String, List<HistoryEntry>> timelines = new HashMap<>();
    private final Map<String, String> homes = new HashMap<>();

    public SandboxHistory() {
        for (DomainEvent event : SandboxHomes.events(Json::text)) {
            ListingState state = Json.read(event.data(), ListingState.class);
            homes.put(event.subject(), state.propertyKey());
            timelines
                    .computeIfAbsent(state.propertyKey(), key -> new ArrayList<>())
                    .addAll(Entries.of(event, state));
        }
    }

    @Override
    public boolean knows(String propertyKey) {
        return timelines.containsKey(propertyKey);
    }

    @Override
    public Optional<String> propertyOf(String listingKey) {
        return Optional.ofNullable(homes.get(listingKey));
    }

    @Override
    public List<HistoryEntry> timeline(TimelineQuery query, HistoryEntry.@Nullable Position after, int limit) {
        List<HistoryEntry> all = all(query);
        int from = 0;
        while (after != null && from < all.size() && !all.get(from++).position().equals(after)) {
            // up to the entry after which the piece begins
        }
        return all.subList(from, Math.min(all.size(), from + limit));
    }

    @Override
    public List<HistoryEntry> page(TimelineQuery query, int limit, long offset) {
        return all(query).stream().skip(offset).limit(limit).toList();
    }

    @Override
    public long count(TimelineQuery query) {
        return all(query).size();
    }

    private List<HistoryEntry> all(TimelineQuery query) {
        return timelines.getOrDefault(query.propertyKey(), List.of()).stream()
                .filter(entry -> query.kind() == null || entry.kind() == query.kind())
                .filter(entry -> isWithin(query, LocalDate.ofInstant(entry.happenedAt(), ZoneOffset.UTC)))
                .sorted(query.order() == TimelineQuery.Order.OLDEST_FIRST ? IN_ORDER : IN_ORDER.reversed())
                .toList();
    }

    private static boolean isWithin(TimelineQuery query, LocalDate day) {
        LocalDate from = query.from();
        LocalDate to = query.to();
        return (from == null || !day.isBefore(from)) && (to == null || !day.isAfter(to));
    }
}
