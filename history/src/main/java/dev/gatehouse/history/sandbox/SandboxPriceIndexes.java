package dev.gatehouse.history.sandbox;

import dev.gatehouse.history.index.PairGroup;
import dev.gatehouse.history.index.PriceIndex;
import dev.gatehouse.history.index.PriceIndexes;
import dev.gatehouse.history.index.RepeatSales;
import dev.gatehouse.kernel.area.Area;
import dev.gatehouse.kernel.area.NearestAreas;
import java.util.ArrayList;
import java.util.List;

/**
 * The sandbox's index: made, by the same regression as any other, of pairs that rise by half a per cent a month. Its last
 * month has too few pairs, so that a program meets one that is not shown.
 */
public final class SandboxPriceIndexes implements PriceIndexes {
    private static final List<String> AREAS = List.of("county:sandbox-oh", "zip:43999", "city:sandbox-oh");
    private static final int FIRST = 2024 * 12;
    private static final int MONTHS = 24;
    private static final int APART = 12;
    private static final double RISE = 0.005;
    private static final double NOISE = 0.06;

    private final PriceIndex index;

    public SandboxPriceIndexes() {
        List<PairGroup> groups = new ArrayList<>();
        for (int month = 0; month + APART <= MONTHS; month++) {
            add(groups, month, APART, month + APART == MONTHS ? 12 : 40);
            add(groups, month, APART - 5, 40);
        }
        index = RepeatSales.of(groups);
    }

    private static void add(List<PairGroup> groups, int month, int apart, int pairs) {
        double mean = RISE * apart;
        groups.add(new PairGroup(
                FIRST + month, FIRST + month + apart, pairs, pairs * mean, pairs * (mean * mean + NOISE * NOISE)));
    }

    @Override
    public boolean knows(Area area) {
        return AREAS.contains(area.text());
    }

    @Override
    public PriceIndex of(Area area) {
        return index;
    }

    @Override
    public List<String> near(Area area) {
        return NearestAreas.to(area, AREAS, AREAS.size());
    }
}
