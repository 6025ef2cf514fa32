package dev.gatehouse.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.kernel.event.DomainEvent;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Figures are the same to the last digit")
class SameFiguresTest {
    private static final int HOMES = 150;

    // those that the clock raises come when the clock says
    private static final String BY_EVENTS = "type <> 'stale_listing'";
    private static final String BY_ONE_EVENT = BY_EVENTS + " AND type <> 'price_below_comparables'";

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 20_260_301})
    @DisplayName("in whatever order homes' events come, and in whatever pieces")
    void orderings(long seed) throws Exception {
        List<List<DomainEvent>> market = RandomMarket.of(seed, HOMES);
        List<String> figures;
        List<String> signals;
        try (SignalsForTests one = new SignalsForTests(seed, List.of())) {
            one.feed.add(RandomMarket.mixed(market, seed));
            one.settle();
            figures = one.figures();
            signals = one.signals(BY_ONE_EVENT);
            assertThat(figures).hasSizeGreaterThan(200);
            one.module.store().remakeFigures();
            assertThat(one.figures()).as("made anew").isEqualTo(figures);
        }
        try (SignalsForTests other = new SignalsForTests(seed + 1, List.of())) {
            other.feed.add(RandomMarket.mixed(market, seed + 7));
            other.settle();
            assertThat(other.figures()).isEqualTo(figures);
            assertThat(other.signals(BY_ONE_EVENT)).isEqualTo(signals);
        }
    }

    @Test
    @DisplayName("when the database breaks off transactions in the middle, and the service restarts")
    void crashes() throws Exception {
        long seed = 7;
        List<DomainEvent> events = RandomMarket.mixed(RandomMarket.of(seed, HOMES), seed);
        Random chance = new Random(seed);
        List<String> figures;
        List<String> signals;
        try (SignalsForTests calm = new SignalsForTests(seed, List.of())) {
            calm.feed.add(events);
            calm.settle();
            figures = calm.figures();
            signals = calm.signals(BY_EVENTS);
            assertThat(told(calm)).hasSameSizeAs(signals);
        }
        try (SignalsForTests stormy = new SignalsForTests(seed, List.of())) {
            int pieces = 6;
            for (int i = 0; i < pieces; i++) {
                stormy.feed.add(events.subList(events.size() * i / pieces, events.size() * (i + 1) / pieces));
                for (int j = chance.nextInt(3); j >= 0; j--) {
                    stormy.breakConnections();
                }
                if (i == pieces / 2) {
                    stormy.restart();
                }
            }
            stormy.settle();
            assertThat(stormy.figures()).isEqualTo(figures);
            assertThat(stormy.signals(BY_EVENTS)).isEqualTo(signals);
            assertThat(told(stormy))
                    .as("each is told once")
                    .hasSameSizeAs(signals)
                    .doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {3, 4})
    @DisplayName("when the service comes late, and is filled from a snapshot and broken off meanwhile")
    void backFill(long seed) throws Exception {
        List<DomainEvent> events = RandomMarket.mixed(RandomMarket.of(seed, HOMES), seed);
        int late = events.size() * 2 / 3;
        List<String> figures;
        List<String> signals;
        try (SignalsForTests always = new SignalsForTests(seed, List.of())) {
            always.feed.add(events);
            always.settle();
            figures = always.figures();
            signals = always.signals(BY_ONE_EVENT);
        }
        try (SignalsForTests filled = new SignalsForTests(seed, events.subList(0, late))) {
            filled.breakConnections();
            filled.feed.add(events.subList(late, events.size()));
            filled.breakConnections();
            filled.settle();
            assertThat(filled.figures()).isEqualTo(figures);
            assertThat(filled.signals(BY_ONE_EVENT)).isEqualTo(signals);
            assertThat(told(filled)).as("the past is not told").hasSizeLessThan(signals.size());
        }
    }

    private static List<String> told(SignalsForTests service) {
        return service.feed.told().stream()
                .map(DomainEvent::data)
                .filter(data -> !data.contains("stale_listing"))
                .toList();
    }
}
