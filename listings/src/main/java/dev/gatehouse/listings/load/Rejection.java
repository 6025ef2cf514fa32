package dev.gatehouse.listings.load;

import java.math.BigDecimal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A row for which this holds is not imported; exactly one of the last four is given.
 *
 * @param reason under which it is counted
 * @param missing whether the field must be there
 */
record Rejection(
        Target field,
        String reason,
        Presence missing,
        @Nullable BigDecimal below,
        @Nullable BigDecimal above,
        Set<String> anyOf) {

    enum Presence {
        REQUIRED,
        OPTIONAL
    }
}
