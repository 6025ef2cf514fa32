package dev.gatehouse.signals;

import dev.gatehouse.kernel.event.DomainEvent;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What happens to some homes in two years, of every kind and by chance. */
final class RandomMarket {
    private static final Instant FIRST = Instant.parse("2024-02-01T08:00:00Z");
    private static final List<String> ZIPS = List.of("43604", "43606", "43615");

    private final Random chance;
    private final Instant start;

    private RandomMarket(Random chance, Instant start) {
        this.chance = chance;
        this.start = start;
    }

    /** Each home's events in their order, the homes one after another. */
    static List<List<DomainEvent>> of(long seed, int homes) {
        Random chance = new Random(seed);
        List<List<DomainEvent>> all = new ArrayList<>();
        for (int i = 0; i < homes; i++) {
            Instant start = FIRST.plus(Duration.ofDays(chance.nextInt(600)));
            all.add(new RandomMarket(chance, start).home("home-" + i));
        }
        return all;
    }

    /** One order of all events that keeps each home's own. */
    static List<DomainEvent> mixed(List<List<DomainEvent>> homes, long seed) {
        Random chance = new Random(seed);
        List<List<DomainEvent>> left = new ArrayList<>();
        homes.forEach(events -> left.add(new ArrayList<>(events)));
        List<DomainEvent> mixed = new ArrayList<>();
        while (!left.isEmpty()) {
            int i = chance.nextInt(left.size());
            mixed.add(left.get(i).removeFirst());
            if (left.get(i).isEmpty()) {
                left.remove(i);
            }
        }
        return mixed;
    }

    private List<DomainEvent> home(String key) {
        HomeOnMarket home = new HomeOnMarket(key)
                .asking(100_000L + chance.nextInt(300) * 1_000L)
                .in(ZIPS.get(chance.nextInt(ZIPS.size())));
        home.livingArea = chance.nextInt(8) == 0 ? null : BigDecimal.valueOf(900L + chance.nextInt(20) * 100);
        home.latitude = 41.6 + chance.nextInt(100) / 1_000.0;
        home.propertyType = chance.nextInt(10) == 0 ? "Land" : "Residential";
        List<DomainEvent> events = new ArrayList<>();
        Instant at = start;
        if (chance.nextInt(4) == 0) {
            events.add(home.imported(at, HomeOnMarket.day(at).minusDays(chance.nextInt(500)), price()));
        } else {
            home.status = chance.nextInt(6) == 0 ? "ComingSoon" : "Active";
            events.add(chance.nextInt(5) == 0 ? home.created(at) : home.listed(at));
        }
        int steps = chance.nextInt(9);
        for (int i = 0; i < steps; i++) {
            at = at.plus(Duration.ofHours(chance.nextInt(24 * 40)));
            step(home, at, events);
        }
        return events;
    }

    private void step(HomeOnMarket home, Instant at, List<DomainEvent> events) {
        switch (chance.nextInt(10)) {
            case 0, 1, 2 -> events.add(home.price(at, price()));
            case 3, 4 -> events.add(move(home, at, "Pending"));
            case 5 -> events.add(move(home, at, "Active"));
            case 6 -> events.add(move(home, at, "Withdrawn"));
            case 7 -> {
                events.add(home.closed(at, price()));
                events.add(home.sale(at));
            }
            case 8 -> {
                home.in(ZIPS.get(chance.nextInt(ZIPS.size())));
                home.livingArea = BigDecimal.valueOf(900L + chance.nextInt(20) * 100);
                events.add(home.updated(at));
            }
            default -> {
                if (chance.nextInt(4) == 0) {
                    events.add(home.removed(at));
                } else {
                    events.add(home.price(at, price()));
                }
            }
        }
    }

    private static DomainEvent move(HomeOnMarket home, Instant at, String status) {
        return home.status(at, status);
    }

    private long price() {
        return 100_000L + chance.nextInt(300) * 1_000L;
    }
}
