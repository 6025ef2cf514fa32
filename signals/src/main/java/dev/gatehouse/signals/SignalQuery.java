package dev.gatehouse.signals;

import dev.gatehouse.kernel.area.Area;
import dev.gatehouse.kernel.signal.Severity;
import dev.gatehouse.kernel.signal.SignalType;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which signals are asked for; what is empty or null asks nothing.
 *
 * @param property a PropertyKey
 * @param since raised at this instant or later
 * @param least at least this severity
 */
public record SignalQuery(
        List<SignalType> types,
        @Nullable Area area,
        @Nullable String property,
        @Nullable Instant since,
        @Nullable Severity least) {
    public SignalQuery {
        types = List.copyOf(types);
    }

    /** Where a page ended. */
    public record Position(Instant raisedAt, String id) {}
}
