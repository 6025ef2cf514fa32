package dev.gatehouse.signals;

import dev.gatehouse.kernel.area.Area;
import dev.gatehouse.signals.market.MarketMonths;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Market figures as they are read. */
public interface Markets {
    /**
     * The figures of an area, from its first month on.
     *
     * @param to the last month; null for all there are
     * @return empty for an area in which no home was ever seen
     */
    Optional<MarketMonths> find(Area area, Period period, @Nullable YearMonth to);

    /** Areas of which something is known, by ourselves or by others, with names like this one's, the likeliest first. */
    List<String> nearest(Area area);
}
