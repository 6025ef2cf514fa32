package dev.gatehouse.webhooks.fanout;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.area.Area;
import dev.gatehouse.kernel.area.Geohash;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.signal.Severity;
import dev.gatehouse.kernel.signal.SignalFacts;
import dev.gatehouse.kernel.signal.SignalType;
import dev.gatehouse.runtime.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An event as filters look at it, read once for all of them.
 *
 * @param areas that it lies in, as {@link Area#text()} writes them; cities and counties with their state and without
 * @param geohash the smallest cell that it lies in; empty when its place is not known
 * @param signal what alerts ask about; empty when it is no signal
 */
public record Matter(
        DomainEvent event, JsonNode data, Set<String> areas, String geohash, Optional<SignalFacts> signal) {
    private static final String GEOHASH = "geohash:";

    public static Matter of(DomainEvent event) {
        JsonNode data = Json.tree(event.data());
        return new Matter(event, data, areas(data), geohash(data), signal(event, data));
    }

    /** @param area as {@link Area#text()} writes it */
    boolean liesIn(String area) {
        return area.startsWith(GEOHASH)
                ? !geohash.isEmpty() && geohash.startsWith(area.substring(GEOHASH.length()))
                : areas.contains(area);
    }

    private static Set<String> areas(JsonNode data) {
        Set<String> areas = new HashSet<>();
        String county = text(data, "CountyOrParish");
        String city = text(data, "City");
        for (String state : new @Nullable String[] {text(data, "StateOrProvince"), null}) {
            Area.around(county, text(data, "PostalCode"), city, state).forEach(area -> areas.add(area.text()));
        }
        return areas;
    }

    private static String geohash(JsonNode data) {
        double latitude = data.path("Latitude").asDouble(Double.NaN);
        double longitude = data.path("Longitude").asDouble(Double.NaN);
        return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180
                ? Geohash.of(latitude, longitude, Geohash.LONGEST)
                : "";
    }

    private static Optional<SignalFacts> signal(DomainEvent event, JsonNode data) {
        if (!event.type().equals(DomainEvent.SIGNAL_RAISED)) {
            return Optional.empty();
        }
        Optional<SignalType> type = SignalType.of(data.path("SignalType").asText());
        Optional<Severity> severity = Severity.of(data.path("Severity").asText());
        if (type.isEmpty() || severity.isEmpty()) {
            return Optional.empty();
        }
        List<String> areas = new ArrayList<>();
        data.path("Areas").forEach(area -> areas.add(area.asText()));
        return Optional.of(new SignalFacts(
                type.get(),
                severity.get(),
                data.path("PropertyKey").asText(),
                data.path("ListingKey").asText(),
                text(data, "PropertyType"),
                areas,
                data.path("Price").isNumber() ? data.path("Price").decimalValue() : null));
    }

    private static @Nullable String text(JsonNode data, String name) {
        return data.path(name).isTextual() ? data.path(name).asText() : null;
    }
}
