package dev.gatehouse.metering.operate;

import dev.gatehouse.kernel.usage.MalformedUsageException;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.kernel.usage.UsageEventCodec;
import dev.gatehouse.metering.DeadLetterEntry;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as an operator sees it.
 *
 * @param content its first octets, base64
 * @param size of all its octets
 * @param event null when the octets are no event
 */
record LetterView(
        long id,
        int shard,
        @Nullable String producer,
        long epoch,
        long seq,
        String reason,
        Instant seen,
        String content,
        int size,
        @Nullable UsageEvent event) {
    private static final int SHOWN = 1_024;

    static LetterView of(DeadLetterEntry letter) {
        byte[] all = letter.content();
        return new LetterView(
                letter.id(),
                letter.shard(),
                letter.producer(),
                letter.epoch(),
                letter.seq(),
                letter.reason(),
                letter.seen(),
                Base64.getEncoder().encodeToString(Arrays.copyOf(all, Math.min(all.length, SHOWN))),
                all.length,
                event(letter));
    }

    private static @Nullable UsageEvent event(DeadLetterEntry letter) {
        String producer = letter.producer();
        if (producer == null) {
            return null;
        }
        try {
            return UsageEventCodec.decode(
                    producer, letter.epoch(), letter.seq(), letter.content(), 0, letter.content().length);
        } catch (MalformedUsageException e) {
            return null;
        }
    }
}
