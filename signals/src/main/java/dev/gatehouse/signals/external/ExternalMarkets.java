package dev.gatehouse.signals.external;

import dev.gatehouse.kernel.area.Area;
import java.util.List;

/** Keeps external series. */
public interface ExternalMarkets {
    /** Of an installation without any. */
    ExternalMarkets NONE = area -> List.of();

    /** Everything that is known of an area; empty when that is nothing. */
    List<ExternalSeries> of(Area area);

    /** What became of what was given to be kept. */
    record Kept(long accepted, long unchanged) {}
}
