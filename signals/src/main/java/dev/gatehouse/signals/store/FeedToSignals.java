package dev.gatehouse.signals.store;

import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.runtime.feed.Feed;
import dev.gatehouse.runtime.feed.FeedEffect;
import dev.gatehouse.runtime.feed.Snapshot;
import dev.gatehouse.signals.market.Home;
import dev.gatehouse.signals.market.HomeReader;
import dev.gatehouse.signals.market.HomeReader.Said;
import dev.gatehouse.signals.market.MarketChange;
import dev.gatehouse.signals.raise.Comparables;
import dev.gatehouse.signals.raise.Raised;
import dev.gatehouse.signals.raise.SignalRules;
import dev.gatehouse.signals.store.SignalRows.Due;
import dev.gatehouse.signals.store.SignalRows.Telling;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Makes figures and signals of events, in the transaction in which the events count as applied: homes first, then what their
 * changes add to and take from the figures of their areas, then the signals and what is told of them.
 */
final class FeedToSignals implements FeedEffect {
    private final SignalRows signals;

    FeedToSignals(SignalRows signals) {
        this.signals = signals;
    }

    @Override
    public Runnable apply(Handle transaction, List<DomainEvent> events) {
        apply(transaction, events, Filling.quietUntil(transaction));
        return () -> {};
    }

    /** What each home is; how it came there is read from the feed afterwards. */
    @Override
    public void fill(Handle transaction, Snapshot snapshot) throws IOException {
        long place = Filling.begin(transaction);
        GatheredChange figures = new GatheredChange(transaction);
        for (List<DomainEvent> states = snapshot.next(Feed.MAX_EVENTS);
                !states.isEmpty();
                states = snapshot.next(Feed.MAX_EVENTS)) {
            Map<String, Home> now = new LinkedHashMap<>();
            for (DomainEvent state : states) {
                HomeReader.read(state)
                        .ifPresent(said ->
                                now.put(said.home().listingKey(), said.home().asOf(place)));
            }
            saveHomes(transaction, HomeRows.find(transaction, now.keySet()), now, figures::note);
        }
        figures.apply();
    }

    /** Whether the feed is followed already: then nothing is left of the past to be read, or all of it stands in the row. */
    static boolean isPlaced(Handle handle) {
        return handle.createQuery("SELECT EXISTS (SELECT FROM feed_cursor)")
                .mapTo(Boolean.class)
                .one();
    }

    /** @param quietUntil the signals of events up to this sequence are not told */
    void apply(Handle transaction, List<DomainEvent> events, long quietUntil) {
        List<Said> all =
                events.stream().map(HomeReader::read).flatMap(Optional::stream).toList();
        if (all.isEmpty()) {
            return;
        }
        Set<String> keys = all.stream().map(said -> said.home().listingKey()).collect(Collectors.toSet());
        Map<String, Home> before = HomeRows.find(transaction, keys);
        Map<String, Home> now = new HashMap<>(before);
        List<Due> due = new ArrayList<>();
        List<Comparables.Question> questions = new ArrayList<>();
        for (Said said : all) {
            String key = said.home().listingKey();
            Home old = now.get(key);
            Home next = old == null ? said.home() : old.with(said.home());
            now.put(key, next);
            SignalRules.on(said.home(), said.event()).forEach(raised -> due.add(due(raised, said.event(), quietUntil)));
            Comparables.question(said.home(), said.event()).ifPresent(questions::add);
        }
        MarketChange change = new MarketChange();
        saveHomes(transaction, before, now, change::note);
        MarketRows.apply(transaction, change);
        HomeRows.comparables(transaction, questions)
                .forEach((question, found) -> Comparables.judge(question, found)
                        .ifPresent(raised -> due.add(due(raised, question.event(), quietUntil))));
        signals.add(transaction, due);
    }

    private static void saveHomes(
            Handle transaction,
            Map<String, Home> before,
            Map<String, Home> now,
            BiConsumer<@Nullable Home, Home> changes) {
        Map<String, Home> changed = new LinkedHashMap<>();
        now.forEach((key, home) -> {
            Home old = before.get(key);
            if (!home.equals(old)) {
                changed.put(key, home);
                changes.accept(old, home);
            }
        });
        HomeRows.save(transaction, changed.values());
    }

    private static Due due(Raised raised, DomainEvent event, long quietUntil) {
        return new Due(raised, event.sequence() > quietUntil ? Telling.TOLD : Telling.QUIET);
    }
}
