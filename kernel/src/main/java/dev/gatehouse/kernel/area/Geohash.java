package dev.gatehouse.kernel.area;

/**
 * Cells of the earth by name: each letter (base 32) cuts the cell before it into 32, longitude and latitude in turn. Five
 * letters are a cell of about 5 by 5 km, six of 1.2 by 0.6 km.
 *
 * @see <a href="https://en.wikipedia.org/wiki/Geohash">Geohash, as G. Niemeyer published it in 2008</a>
 */
public final class Geohash {
    /** Letters of the longest name that is taken: a cell of about 5 by 5 m. */
    public static final int LONGEST = 9;

    private static final String LETTERS = "0123456789bcdefghjkmnpqrstuvwxyz";
    private static final int BITS = 5;

    /** Degrees, WGS 84; south and west edges belong to the cell. */
    public record Box(double west, double south, double east, double north) {
        public boolean holds(double latitude, double longitude) {
            return latitude >= south && latitude < north && longitude >= west && longitude < east;
        }
    }

    private Geohash() {}

    /** @throws IllegalArgumentException when the place is off the earth or the length is not 1 to 9 */
    public static String of(double latitude, double longitude, int length) {
        if (!(Math.abs(latitude) <= 90) || !(Math.abs(longitude) <= 180) || length < 1 || length > LONGEST) {
            throw new IllegalArgumentException("no place on the earth: " + latitude + ", " + longitude);
        }
        double[] longitudes = {-180, 180};
        double[] latitudes = {-90, 90};
        StringBuilder name = new StringBuilder(length);
        boolean east = true;
        for (int i = 0; i < length; i++) {
            int letter = 0;
            for (int bit = 0; bit < BITS; bit++) {
                letter = letter << 1 | (east ? halve(longitudes, longitude) : halve(latitudes, latitude));
                east = !east;
            }
            name.append(LETTERS.charAt(letter));
        }
        return name.toString();
    }

    private static int halve(double[] range, double value) {
        double middle = (range[0] + range[1]) / 2;
        if (value >= middle) {
            range[0] = middle;
            return 1;
        }
        range[1] = middle;
        return 0;
    }

    /** @throws IllegalArgumentException when it is no name of a cell */
    public static Box box(String name) {
        if (!isWellFormed(name)) {
            throw new IllegalArgumentException("no geohash: " + name);
        }
        double[] longitudes = {-180, 180};
        double[] latitudes = {-90, 90};
        boolean east = true;
        for (int i = 0; i < name.length(); i++) {
            int letter = LETTERS.indexOf(name.charAt(i));
            for (int bit = BITS - 1; bit >= 0; bit--) {
                double[] range = east ? longitudes : latitudes;
                double middle = (range[0] + range[1]) / 2;
                range[(letter >> bit & 1) == 1 ? 0 : 1] = middle;
                east = !east;
            }
        }
        return new Box(longitudes[0], latitudes[0], longitudes[1], latitudes[1]);
    }

    public static boolean isWellFormed(String name) {
        return !name.isEmpty() && name.length() <= LONGEST && name.chars().allMatch(c -> LETTERS.indexOf(c) >= 0);
    }
}
