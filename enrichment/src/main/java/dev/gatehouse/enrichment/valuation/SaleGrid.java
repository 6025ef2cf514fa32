package dev.gatehouse.enrichment.valuation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/** Finds the sales nearest to a place among those that it was made of: squares of about 500 m, asked in widening rings. */
final class SaleGrid {
    private static final double CELL = 0.005;
    private static final double METRES_PER_CELL = CELL * 111_195;
    private static final int FARTHEST = 60;
    private static final long COLUMNS = 1L << 32;

    private final Map<Long, List<Sale>> cells = new HashMap<>();

    /** A sale and how far it is, metres. */
    record Near(Sale sale, double distance) {}

    SaleGrid(List<Sale> sales) {
        for (Sale sale : sales) {
            cells.computeIfAbsent(cell(row(sale.home()), column(sale.home())), key -> new ArrayList<>())
                    .add(sale);
        }
    }

    /**
     * The nearest sales of other homes, nearest first; within about 33 km.
     *
     * @param propertyKey the home itself, whose own sales are left out
     */
    List<Near> nearest(Subject home, String propertyKey, int count) {
        PriorityQueue<Near> found = new PriorityQueue<>((a, b) -> Double.compare(b.distance(), a.distance()));
        double cosine = Math.cos(Math.toRadians(home.latitude()));
        for (int ring = 0; ring <= FARTHEST; ring++) {
            // the nearest that this ring may hold: degrees of longitude are the shorter ones
            double least = Math.max(0, ring - 1) * METRES_PER_CELL * cosine;
            if (found.size() == count && found.element().distance() <= least) {
                break;
            }
            ring(home, propertyKey, count, ring, found);
        }
        List<Near> sorted = new ArrayList<>(found);
        sorted.sort((a, b) -> a.distance() == b.distance()
                ? a.sale().listingKey().compareTo(b.sale().listingKey())
                : Double.compare(a.distance(), b.distance()));
        return sorted;
    }

    private void ring(Subject home, String propertyKey, int count, int ring, PriorityQueue<Near> found) {
        long row = row(home);
        long column = column(home);
        for (long y = row - ring; y <= row + ring; y++) {
            boolean edge = y == row - ring || y == row + ring;
            for (long x = column - ring; x <= column + ring; x += edge || ring == 0 ? 1 : 2L * ring) {
                for (Sale sale : cells.getOrDefault(cell(y, x), List.of())) {
                    double distance = home.metresTo(sale.home());
                    boolean full = found.size() == count;
                    if ((!full || distance < found.element().distance())
                            && !sale.propertyKey().equals(propertyKey)) {
                        if (full) {
                            found.remove();
                        }
                        found.add(new Near(sale, distance));
                    }
                }
            }
        }
    }

    private static long row(Subject home) {
        return (long) Math.floor(home.latitude() / CELL);
    }

    private static long column(Subject home) {
        return (long) Math.floor(home.longitude() / CELL);
    }

    private static long cell(long row, long column) {
        return row * COLUMNS + column;
    }
}
