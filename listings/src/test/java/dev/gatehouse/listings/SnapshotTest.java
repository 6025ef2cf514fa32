package dev.gatehouse.listings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.engines.ServiceForTests.Answer;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.event.ListingState;
import dev.gatehouse.runtime.feed.Snapshot;
import dev.gatehouse.runtime.feed.SnapshotLines;
import dev.gatehouse.runtime.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The listings' snapshot")
class SnapshotTest {
    private static final String MAPPING = """
            source: {originatingSystem: made-up}
            fields:
              PropertyKey: home
              ListingKey: listing
              StandardStatus: status
              PropertyType: {constant: Residential}
              ListPrice: asked
              ClosePrice: paid
              CloseDate: closed
              LivingArea: area
            """;

    @Test
    @DisplayName("is what all events together lead to, as of the position that it names, and nobody else's to read")
    void equalsTheEvents(@TempDir Path folder) throws Exception {
        try (ListingsForTests service = new ListingsForTests()) {
            Path file = folder.resolve("homes.csv");
            Path mapping = folder.resolve("homes.yaml");
            Files.writeString(mapping, MAPPING);
            Files.writeString(file, """
                    listing,home,status,asked,paid,closed,area
                    a,h1,Active,200000,,,1000
                    b,h2,Closed,,150000,2020-05-06,1100
                    c,h2,Active,190000,,,1100
                    d,h3,Active,90000,,,800
                    """);
            service.module.importFile(file, mapping.toString(), ImportProgress.SILENT);
            service.module.listings().changePrice("a", new BigDecimal("195000"));
            service.module.listings().changeStatus("c", StandardStatus.PENDING);
            service.module.listings().changeStatus("d", StandardStatus.DELETE);
            assertThat(service.eventTypes()).contains("listing.removed");

            String path = "/internal/listings/snapshot";
            assertThat(service.getFromNobody(path).status()).isEqualTo(401);
            Snapshot snapshot = read(service.getInternal(path));
            assertThat(snapshot.service()).isEqualTo("listings");
            assertThat(snapshot.position())
                    .isEqualTo(Long.parseLong(service.sql("SELECT position FROM listings.outbox_position")
                            .getFirst()));
            List<DomainEvent> states = all(snapshot);
            assertThat(states.stream().filter(state -> state.type().equals(DomainEvent.PROPERTY_CREATED)))
                    .hasSize(2);
            assertThat(listings(states)).isEqualTo(listings(events(service)));
        }
    }

    private static Snapshot read(Answer answer) throws IOException {
        assertThat(answer.status()).isEqualTo(200);
        return SnapshotLines.read(new ByteArrayInputStream(answer.raw().body().getBytes(StandardCharsets.UTF_8)));
    }

    private static List<DomainEvent> all(Snapshot snapshot) throws IOException {
        List<DomainEvent> all = new ArrayList<>();
        for (List<DomainEvent> next = snapshot.next(2); !next.isEmpty(); next = snapshot.next(2)) {
            all.addAll(next);
        }
        return all;
    }

    private static List<DomainEvent> events(ListingsForTests service) {
        List<DomainEvent> events = new ArrayList<>();
        service.sql("SELECT event FROM listings.outbox, jsonb_array_elements(events) WITH ORDINALITY AS e(event, n)"
                        + " ORDER BY position, n")
                .forEach(text -> events.add(Json.read(text, DomainEvent.class)));
        return events;
    }

    /** What a consumer knows of each listing when it has applied all of them. */
    private static Map<String, String> listings(List<DomainEvent> events) {
        Map<String, String> known = new TreeMap<>();
        for (DomainEvent event : events) {
            ListingState state = Json.read(event.data(), ListingState.class);
            String listing = state.listingKey();
            if (listing != null) {
                known.put(
                        listing,
                        state.propertyKey() + " " + state.standardStatus() + " " + state.listPrice() + " "
                                + state.closePrice() + " " + state.closeDate() + " " + state.livingArea() + " "
                                + state.modificationTimestamp());
                if (event.type().equals(DomainEvent.LISTING_REMOVED)) {
                    known.remove(listing);
                }
            }
        }
        return known;
    }
}
