package dev.gatehouse.metering;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event, or a whole stream entry, that the ledger could not take and has set aside.
 *
 * @param producer null when the entry could not be read at all
 * @param reason in words
 * @param content its bytes
 */
@SuppressWarnings("ArrayRecordComponent")
public record DeadLetterEntry(
        long id,
        int shard,
        @Nullable String producer,
        long epoch,
        long seq,
        String reason,
        byte[] content,
        Instant seen) {}
