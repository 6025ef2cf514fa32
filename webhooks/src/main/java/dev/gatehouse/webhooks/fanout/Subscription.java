package dev.gatehouse.webhooks.fanout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.area.Area;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.signal.AlertFilter;
import dev.gatehouse.webhooks.EventFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an endpoint wants.
 *
 * @param eventTypes empty for every type
 * @param areas of the filter, as {@link Area#text()} writes them
 * @param ordered whether deliveries about one property are made one after another
 * @param alerts what the filter's saved alerts ask for; those that are not there any more want nothing
 */
public record Subscription(
        String endpoint,
        String tenant,
        List<String> eventTypes,
        EventFilter filter,
        List<String> areas,
        List<AlertFilter> alerts,
        boolean ordered) {

    public Subscription {
        eventTypes = List.copyOf(eventTypes);
        areas = List.copyOf(areas);
        alerts = List.copyOf(alerts);
    }

    public static Subscription of(
            String endpoint,
            String tenant,
            List<String> types,
            EventFilter filter,
            List<AlertFilter> alerts,
            boolean ordered) {
        List<String> areas = filter.areas().stream()
                .map(area -> Area.parse(area).map(Area::text).orElse(area))
                .toList();
        return new Subscription(endpoint, tenant, types, filter, areas, alerts, ordered);
    }

    /** What a delivery of it must not overtake another about; null when it may overtake any. */
    public @Nullable String orderKey(Matter matter) {
        return ordered ? matter.data().path("PropertyKey").asText(matter.event().subject()) : null;
    }

    public boolean wants(Matter matter) {
        DomainEvent event = matter.event();
        JsonNode data = matter.data();
        return (event.tenant() == null || event.tenant().equals(tenant))
                && (eventTypes.isEmpty() || eventTypes.contains(event.type()))
                && (filter.subjects().isEmpty() || isAbout(event, data))
                && (filter.propertyTypes().isEmpty()
                        || filter.propertyTypes()
                                .contains(data.path("PropertyType").asText()))
                && (filter.alerts().isEmpty()
                        || matter.signal()
                                .filter(signal -> alerts.stream().anyMatch(alert -> alert.wants(signal)))
                                .isPresent())
                && (areas.isEmpty() || areas.stream().anyMatch(matter::liesIn));
    }

    private boolean isAbout(DomainEvent event, JsonNode data) {
        return filter.subjects().contains(event.subject())
                || filter.subjects().contains(data.path("ListingKey").asText())
                || filter.subjects().contains(data.path("PropertyKey").asText());
    }
}
