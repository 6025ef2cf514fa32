package dev.gatehouse.signals.market;

import java.time.YearMonth;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What changes of homes change in the figures of their areas. Not safe for threads. */
public final class MarketChange {

    /** One area's one month. */
    public record Cell(String area, YearMonth month) implements Comparable<Cell> {
        @Override
        public int compareTo(Cell other) {
            int byArea = area.compareTo(other.area);
            return byArea != 0 ? byArea : month.compareTo(other.month);
        }
    }

    private static final class Difference {
        final Figures more = new Figures();
        final Figures less = new Figures();
    }

    private final TreeMap<Cell, Difference> differences = new TreeMap<>();
    private final Set<String> areas = new LinkedHashSet<>();

    /** Takes note of one home's change. */
    public void note(@Nullable Home before, Home after) {
        Map<YearMonth, Figures> old = before == null ? Map.of() : Timeline.of(before);
        Map<YearMonth, Figures> now = Timeline.of(after);
        List<String> oldAreas = before == null ? List.of() : before.site().marketAreas();
        List<String> nowAreas = after.site().marketAreas();
        if (before == null || !oldAreas.equals(nowAreas)) {
            areas.addAll(nowAreas);
        }
        if (old.equals(now) && oldAreas.equals(nowAreas)) {
            return;
        }
        for (String area : oldAreas) {
            old.forEach((month, figures) -> in(area, month).less.add(figures));
        }
        for (String area : nowAreas) {
            now.forEach((month, figures) -> in(area, month).more.add(figures));
        }
    }

    private Difference in(String area, YearMonth month) {
        return differences.computeIfAbsent(new Cell(area, month), cell -> new Difference());
    }

    /** Areas that may be new. */
    public Set<String> areas() {
        return areas;
    }

    /** What changes, in one order, so that two writers cannot wait for each other. */
    public Set<Cell> cells() {
        return differences.keySet();
    }

    /** The figures of a cell after the change. */
    public Figures after(Cell cell, Figures before) {
        Difference difference = differences.get(cell);
        Figures after = new Figures();
        after.add(before);
        if (difference != null) {
            after.add(difference.more);
            after.take(difference.less);
        }
        return after;
    }
}
