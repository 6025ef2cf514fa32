package dev.gatehouse.signals.external;

import dev.gatehouse.kernel.area.Area;
import java.time.YearMonth;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps external series. */
public interface ExternalMarkets {
    /** Of an installation without any. */
    ExternalMarkets NONE = (area, to) -> List.of();

    /** What is known of an area, each series with its months up to the last one. @param to null for all there are */
    List<ExternalSeries> of(Area area, @Nullable YearMonth to);

    /** What became of what was given to be kept. */
    record Kept(long accepted, long unchanged) {}
}
