package dev.gatehouse.metering.store;

import dev.gatehouse.kernel.id.PrefixedId;
import java.time.Instant;
import java.util.Optional;

/** Request ids carry their millisecond, which spares the ledger an index on them. */
final class RequestIds {
    private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";

    private RequestIds() {}

    /** When the id was made; empty when it is no request id. */
    static Optional<Instant> instant(String requestId) {
        if (!PrefixedId.isWellFormed("req", requestId)) {
            return Optional.empty();
        }
        long millis = 0;
        for (int i = 4; i < 14; i++) {
            millis = millis << 5 | DIGITS.indexOf(requestId.charAt(i));
        }
        return Optional.of(Instant.ofEpochMilli(millis));
    }
}
