package dev.gatehouse.metering.store;

import dev.gatehouse.kernel.usage.UsageEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;

/** The place after a row in the order of time, producer, epoch and sequence. */
record LedgerCursor(Instant at, String producer, long epoch, long seq) {
    static final LedgerCursor START = new LedgerCursor(Instant.EPOCH, "", 0, 0);

    static LedgerCursor of(UsageEvent event) {
        return new LedgerCursor(event.at(), event.producer(), event.epoch(), event.seq());
    }

    String text() {
        String plain = ChronoUnit.MICROS.between(Instant.EPOCH, at) + "|" + epoch + "|" + seq + "|" + producer;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }

    static LedgerCursor parse(String text) {
        String[] part = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split("\\|", 4);
        if (part.length != 4) {
            throw new IllegalArgumentException("not a cursor of the ledger");
        }
        return new LedgerCursor(
                Instant.EPOCH.plus(Long.parseLong(part[0]), ChronoUnit.MICROS),
                part[3],
                Long.parseLong(part[1]),
                Long.parseLong(part[2]));
    }
}
