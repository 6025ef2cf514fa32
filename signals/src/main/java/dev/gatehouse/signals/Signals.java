package dev.gatehouse.signals;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Signals as they are read: the newest first. */
public interface Signals {
    /** At most {@code limit} signals after a position, or from the newest on. */
    List<Signal> page(SignalQuery query, SignalQuery.@Nullable Position after, int limit);
}
