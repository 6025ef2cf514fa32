package dev.gatehouse.kernel.usage;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Refusals of one key with one code within one second. Unique by {@code (producer, epoch, seq)} like a usage event, in a
 * sequence of its own.
 *
 * @param tenant null while the caller is unknown
 * @param code the problem's code, as in {@code rate_limited}
 * @param second the UTC second
 */
public record RefusalTally(
        String producer,
        long epoch,
        long seq,
        @Nullable TenantId tenant,
        @Nullable KeyId key,
        String code,
        Instant second,
        long count) {
    /** The code of refusals that found no room in a gateway's journal: they are counted, by nothing else. */
    public static final String NO_ROOM = "journal_full";
}
