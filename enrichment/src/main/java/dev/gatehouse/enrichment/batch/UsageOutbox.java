package dev.gatehouse.enrichment.batch;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/** Usage of rows that the ledger has not confirmed yet. */
public interface UsageOutbox {

    /**
     * @param status the HTTP status that the same question asked alone would have got
     * @param counted whether the day's counters in Redis have it already
     */
    record Waiting(
            long seq,
            Instant at,
            TenantId tenant,
            KeyId key,
            KeyMode mode,
            String plan,
            String requestId,
            int status,
            int units,
            int bytes,
            boolean counted) {}

    /** The epoch of the sequence; empty before the first row was ever answered. */
    OptionalLong epoch();

    /** In their order. */
    List<Waiting> after(long seq, int limit);

    /** Notes that the counters have all up to this. */
    void counted(long last);

    /** Forgets all up to this: the ledger has it. */
    void settled(long last);
}
