package dev.gatehouse.webhooks.fanout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.webhooks.EventFilter;
import java.util.List;
import java.util.Locale;

/**
 * What an endpoint wants.
 *
 * @param eventTypes empty for every type
 */
public record Subscription(String endpoint, String tenant, List<String> eventTypes, EventFilter filter) {
    public Subscription {
        eventTypes = List.copyOf(eventTypes);
    }

    /** @param data of the event, read */
    public boolean wants(DomainEvent event, JsonNode data) {
        return (event.tenant() == null || event.tenant().equals(tenant))
                && (eventTypes.isEmpty() || eventTypes.contains(event.type()))
                && (filter.subjects().isEmpty() || isAbout(event, data))
                && (filter.propertyTypes().isEmpty()
                        || filter.propertyTypes()
                                .contains(data.path("PropertyType").asText()))
                && (filter.alerts().isEmpty()
                        || filter.alerts().contains(data.path("AlertId").asText()))
                && (filter.areas().isEmpty() || filter.areas().stream().anyMatch(area -> lies(data, area)));
    }

    private boolean isAbout(DomainEvent event, JsonNode data) {
        return filter.subjects().contains(event.subject())
                || filter.subjects().contains(data.path("ListingKey").asText())
                || filter.subjects().contains(data.path("PropertyKey").asText());
    }

    private static boolean lies(JsonNode data, String area) {
        int colon = area.indexOf(':');
        String value = area.substring(colon + 1);
        return switch (area.substring(0, colon)) {
            case "zip" -> value.equals(data.path("PostalCode").asText());
            case "city" -> value.equalsIgnoreCase(data.path("City").asText());
            case "county" -> isCounty(value, data.path("CountyOrParish").asText());
            case "geohash" ->
                data.path("Latitude").isNumber()
                        && data.path("Longitude").isNumber()
                        && Geohash.of(
                                        data.path("Latitude").asDouble(),
                                        data.path("Longitude").asDouble(),
                                        value.length())
                                .equals(value.toLowerCase(Locale.ROOT));
            default -> false;
        };
    }

    private static boolean isCounty(String wanted, String county) {
        return wanted.equalsIgnoreCase(county) || (wanted + " County").equalsIgnoreCase(county);
    }
}
