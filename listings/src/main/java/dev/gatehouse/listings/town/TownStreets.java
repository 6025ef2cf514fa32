package dev.gatehouse.listings.town;

import java.util.ArrayList;
import java.util.List;

/**
 * The town's streets. Some have names that are easily taken for one another, as in any town: the same name with another
 * suffix, or north and south of the middle.
 */
final class TownStreets {
    private static final List<String> NAMES = List.of(
            "Ashwood",
            "Beacon",
            "Birchfield",
            "Bridge",
            "Calder",
            "Canal",
            "Chapel",
            "Cherry",
            "Clifton",
            "Dunmore",
            "Elder",
            "Fairview",
            "Ferry",
            "Garnet",
            "Granary",
            "Harbor",
            "Hawthorn",
            "Hillcrest",
            "Juniper",
            "Kestrel",
            "Larkspur",
            "Linden",
            "Locust",
            "Magnolia",
            "Maple",
            "Meadow",
            "Mill",
            "Mulberry",
            "Oak",
            "Orchard",
            "Park",
            "Pheasant",
            "Pine",
            "Poplar",
            "Quarry",
            "Quincy",
            "Ridge",
            "River",
            "Rosewood",
            "Saddler",
            "Spruce",
            "Sycamore",
            "Tanner",
            "Thistle",
            "Union",
            "Valley",
            "Walnut",
            "Willow",
            "Windmill",
            "Wren");
    private static final List<String> SUFFIXES =
            List.of("Street", "Avenue", "Road", "Drive", "Lane", "Court", "Boulevard", "Place", "Terrace", "Way");

    private TownStreets() {}

    /** @param ward 0 to 2: the postal code that it is in */
    record Street(String name, int ward) {}

    static List<Street> all() {
        List<Street> streets = new ArrayList<>();
        for (int i = 0; i < NAMES.size(); i++) {
            streets.add(new Street(NAMES.get(i) + " " + SUFFIXES.get(i % SUFFIXES.size()), i % 3));
        }
        for (String twin :
                List.of("Oak Avenue", "Oak Court", "Maple Street", "Park Avenue", "Mill Street", "River Drive")) {
            streets.add(new Street(twin, streets.size() % 3));
        }
        for (String wing : List.of("North Main Street", "South Main Street", "East High Street", "West High Street")) {
            streets.add(new Street(wing, streets.size() % 3));
        }
        return streets;
    }
}
