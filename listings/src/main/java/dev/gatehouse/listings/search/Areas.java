package dev.gatehouse.listings.search;

import dev.gatehouse.listings.search.Condition.LonLat;
import java.util.ArrayList;
import java.util.List;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.operation.valid.IsValidOp;
import org.locationtech.jts.operation.valid.TopologyValidationError;

/** Reads boxes, circles and polygons. Each fault is an {@link IllegalArgumentException} that says what would be right. */
final class Areas {
    private static final int MOST_POINTS = 1_000;
    private static final double LARGEST_RADIUS = 100_000;

    private Areas() {}

    /** @param text as in {@code -83.9,41.4,-83.2,41.8} */
    static Condition.InBox box(String text) {
        double[] part = numbers(text, ",", 4, "must be west,south,east,north in degrees");
        if (part[0] > part[2] || part[1] > part[3]) {
            throw new IllegalArgumentException(
                    "must be west,south,east,north: west at most east, south at most north; split a box that crosses"
                            + " the 180th meridian");
        }
        point(part[0], part[1]);
        point(part[2], part[3]);
        return new Condition.InBox(part[0], part[1], part[2], part[3]);
    }

    /** @param text as in {@code 41.65,-83.54}, latitude first */
    static Condition.Near near(String text, double radius) {
        double[] part = numbers(text, ",", 2, "must be lat,lon in degrees");
        if (!(radius > 0 && radius <= LARGEST_RADIUS)) {
            throw new IllegalArgumentException("needs a radius of more than 0 and at most 100000 metres");
        }
        LonLat center = point(part[1], part[0]);
        return new Condition.Near(center.latitude(), center.longitude(), radius);
    }

    /** @param text as in {@code -83.6 41.6,-83.5 41.6,-83.5 41.7} */
    static Condition.Within polygon(String text) {
        String[] corners = text.split(",", MOST_POINTS + 2);
        if (corners.length > MOST_POINTS) {
            throw new IllegalArgumentException("has more than " + MOST_POINTS + " points: simplify it");
        }
        List<LonLat> ring = new ArrayList<>();
        for (String corner : corners) {
            double[] part = numbers(corner.strip(), " +", 2, "must be lon lat,lon lat,… in degrees");
            ring.add(point(part[0], part[1]));
        }
        return within(ring);
    }

    static Condition.Within within(List<LonLat> corners) {
        List<LonLat> ring = new ArrayList<>(corners);
        if (ring.size() > 1 && !ring.getFirst().equals(ring.getLast())) {
            ring.add(ring.getFirst());
        }
        if (ring.size() < 4) {
            throw new IllegalArgumentException("needs at least three points");
        }
        if (ring.size() > MOST_POINTS + 1) {
            throw new IllegalArgumentException("has more than " + MOST_POINTS + " points: simplify it");
        }
        Coordinate[] coordinates = ring.stream()
                .map(corner -> new Coordinate(corner.longitude(), corner.latitude()))
                .toArray(Coordinate[]::new);
        TopologyValidationError fault =
                new IsValidOp(new GeometryFactory().createPolygon(coordinates)).getValidationError();
        if (fault != null) {
            throw new IllegalArgumentException("must not cross or touch itself, as it does near "
                    + fault.getCoordinate().x + " " + fault.getCoordinate().y);
        }
        return new Condition.Within(ring);
    }

    private static LonLat point(double longitude, double latitude) {
        if (!(Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90)) {
            throw new IllegalArgumentException(
                    "has a longitude outside of -180 to 180 or a latitude outside of -90 to 90");
        }
        return new LonLat(longitude, latitude);
    }

    private static double[] numbers(String text, String separator, int count, String right) {
        String[] parts = text.split(separator, -1);
        if (parts.length != count) {
            throw new IllegalArgumentException(right);
        }
        double[] numbers = new double[count];
        for (int i = 0; i < count; i++) {
            try {
                numbers[i] = Double.parseDouble(parts[i].strip());
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(right, e);
            }
        }
        return numbers;
    }
}
