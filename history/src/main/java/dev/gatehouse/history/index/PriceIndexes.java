package dev.gatehouse.history.index;

import dev.gatehouse.kernel.area.Area;
import java.util.List;

/** The price indexes of the areas that there are sales in. */
public interface PriceIndexes {

    /** Whether a home is known there. */
    boolean knows(Area area);

    /** The index of an area, from all pairs of sales in it. */
    PriceIndex of(Area area);

    /** Known areas whose names are like one that is not known. */
    List<String> near(Area area);
}
