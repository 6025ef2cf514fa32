package dev.gatehouse.metering;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Calls in the order of their time.
 *
 * @param next what continues after the last of them; null at the end
 */
public record LedgerPage(List<LedgerRow> rows, @Nullable String next) {
    public LedgerPage {
        rows = List.copyOf(rows);
    }
}
