package dev.gatehouse.bench.webhooks;

import dev.gatehouse.bench.webhooks.store.Producer;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.id.PrefixedId;
import java.time.InstantSource;
import java.util.List;

/** Events of the size that real ones have. */
final class Events {
    static final List<String> CITIES = List.of("Toledo", "Maumee", "Oregon", "Sylvania");

    private Events() {}

    static Producer.Said of(String type, int number) {
        String city = CITIES.get(number % CITIES.size());
        String listing = "lst-" + number;
        DomainEvent event = new DomainEvent(
                0,
                PrefixedId.next("evt", InstantSource.system()),
                type,
                Producer.SERVICE,
                listing,
                InstantSource.system().instant(),
                null,
                "{\"ListingKey\":\"" + listing + "\",\"PropertyKey\":\"prop-" + number
                        + "\",\"StandardStatus\":\"Active\",\"ListPrice\":" + (100_000 + number % 400_000)
                        + ",\"PreviousListPrice\":" + (105_000 + number % 400_000) + ",\"City\":\"" + city
                        + "\",\"PostalCode\":\"43620\"}");
        return new Producer.Said(event, city);
    }
}
