package dev.gatehouse.webhooks;

import java.util.List;

/**
 * Which events of its types an endpoint wants; an empty list asks nothing.
 *
 * @param areas any of these: {@code zip:43604}, {@code city:Toledo, OH}, {@code county:lucas-oh} or {@code geohash:dpm5}
 * @param propertyTypes any of these RESO property types
 * @param subjects any of these ListingKeys or PropertyKeys
 * @param alerts any of these saved alerts, by id
 */
public record EventFilter(List<String> areas, List<String> propertyTypes, List<String> subjects, List<String> alerts) {
    public static final EventFilter EVERYTHING = new EventFilter(List.of(), List.of(), List.of(), List.of());

    public EventFilter {
        areas = copy(areas);
        propertyTypes = copy(propertyTypes);
        subjects = copy(subjects);
        alerts = copy(alerts);
    }

    @SuppressWarnings("ConstantValue") // a field that JSON leaves out is null
    private static List<String> copy(List<String> given) {
        return given == null ? List.of() : List.copyOf(given);
    }
}
