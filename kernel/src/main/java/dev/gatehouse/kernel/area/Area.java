package dev.gatehouse.kernel.area;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A part of the country that figures are kept for, by one name everywhere: {@code geohash:dph2j}, {@code county:lucas-oh},
 * {@code zip:43604}, {@code city:new-york-ny}. Counties and cities carry their state, as their names repeat between states.
 *
 * @param code lower case; letters, digits and single hyphens
 */
public record Area(Kind kind, String code) {

    public enum Kind {
        GEOHASH,
        COUNTY,
        ZIP,
        CITY;

        /** As it stands before the colon. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int LONGEST = 120;
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern BETWEEN = Pattern.compile("[^a-z0-9]+");
    private static final Pattern ZIP_AND_FOUR = Pattern.compile("(\\d{5})-\\d{4}");

    public Area {
        if (code.isEmpty()) {
            throw new IllegalArgumentException("an area has a name");
        }
    }

    /** The one way in which it is written. */
    public String text() {
        return kind.text() + ":" + code;
    }

    @Override
    public String toString() {
        return text();
    }

    /**
     * Reads an area as people write it: {@code city:New York, NY} is {@code city:new-york-ny}.
     *
     * @return empty when it is none by its form; says nothing about whether anything is known of it
     */
    public static Optional<Area> parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0 || text.length() > LONGEST) {
            return Optional.empty();
        }
        String before = text.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        String code = slug(text.substring(colon + 1));
        return Arrays.stream(Kind.values())
                .filter(kind -> kind.text().equals(before) && !code.isEmpty())
                .findFirst()
                .flatMap(kind -> switch (kind) {
                    case COUNTY, CITY -> Optional.of(new Area(kind, code));
                    case ZIP -> Optional.of(zip(code));
                    case GEOHASH -> Geohash.isWellFormed(code) ? Optional.of(new Area(kind, code)) : Optional.empty();
                });
    }

    public static Area zip(String postalCode) {
        String code = slug(postalCode);
        var longer = ZIP_AND_FOUR.matcher(code);
        return new Area(Kind.ZIP, longer.matches() ? longer.group(1) : code);
    }

    public static Area county(String name, @Nullable String state) {
        return new Area(Kind.COUNTY, named(name, state));
    }

    public static Area city(String name, @Nullable String state) {
        return new Area(Kind.CITY, named(name, state));
    }

    /** The cell of a place. @throws IllegalArgumentException when the place is off the earth */
    public static Area geohash(double latitude, double longitude, int length) {
        return new Area(Kind.GEOHASH, Geohash.of(latitude, longitude, length));
    }

    /**
     * The county, postal code and city that a home is in, as far as its source says.
     *
     * @param state two letters
     */
    public static List<Area> around(
            @Nullable String county, @Nullable String postalCode, @Nullable String city, @Nullable String state) {
        List<Area> areas = new ArrayList<>(3);
        if (county != null && !slug(county).isEmpty()) {
            areas.add(county(county, state));
        }
        if (postalCode != null && !slug(postalCode).isEmpty()) {
            areas.add(zip(postalCode));
        }
        if (city != null && !slug(city).isEmpty()) {
            areas.add(city(city, state));
        }
        return areas;
    }

    private static String named(String name, @Nullable String state) {
        return slug(state == null ? name : name + " " + state);
    }

    private static String slug(String text) {
        String plain = MARKS.matcher(Normalizer.normalize(text, Normalizer.Form.NFD))
                .replaceAll("")
                .toLowerCase(Locale.ROOT);
        String joined = BETWEEN.matcher(plain).replaceAll("-");
        int from = joined.startsWith("-") ? 1 : 0;
        int to = joined.endsWith("-") ? joined.length() - 1 : joined.length();
        return from >= to ? "" : joined.substring(from, to);
    }
}
