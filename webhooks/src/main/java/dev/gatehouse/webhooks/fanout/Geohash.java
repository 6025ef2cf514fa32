package dev.gatehouse.webhooks.fanout;

/** Names a rectangle of the earth by a short text whose beginnings name the larger ones around it (Niemeyer, 2008). */
final class Geohash {
    private static final String BASE32 = "0123456789bcdefghjkmnpqrstuvwxyz";
    private static final int BITS = 5;

    private Geohash() {}

    static String of(double latitude, double longitude, int length) {
        double[] lat = {-90, 90};
        double[] lon = {-180, 180};
        StringBuilder hash = new StringBuilder(length);
        boolean east = true;
        while (hash.length() < length) {
            int character = 0;
            for (int bit = 0; bit < BITS; bit++) {
                character = character << 1 | (east ? halve(lon, longitude) : halve(lat, latitude));
                east = !east;
            }
            hash.append(BASE32.charAt(character));
        }
        return hash.toString();
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
}
