package dev.gatehouse.metering.ledger;

import org.jspecify.annotations.Nullable;

/**
 * What could not be taken.
 *
 * @param entry the stream entry it came in
 * @param sequence null when the entry as a whole could not be read
 * @param seq 0 when the entry as a whole could not be read
 * @param reason in words
 */
@SuppressWarnings("ArrayRecordComponent")
public record DeadLetter(String entry, @Nullable Sequence sequence, long seq, String reason, byte[] content) {}
