package dev.gatehouse.metering;

import dev.gatehouse.kernel.id.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what was used, for billing, portal and the usage API. Every answer holds one tenant's rows and no other's. */
public interface UsageReader {
    /** Sums in the order of their slots; a slot in which nothing happened is not there. */
    List<UsageSum> sums(UsageQuery query);

    /** How long answers took, per operation, in whole minutes from {@code from} to before {@code to}. */
    List<LatencySummary> latency(TenantId tenant, Instant from, Instant to);

    /** As {@link #latency}, of all operations together; empty when there was no answer. */
    Optional<LatencySummary> latencyOfAll(TenantId tenant, Instant from, Instant to);

    /** How long answers took, in the order of their slots and operations; a slot without an answer is not there. */
    List<LatencySum> latency(LatencyQuery query);

    /** Refusals by hour, code and key. */
    List<RefusalSum> refusals(TenantId tenant, Instant from, Instant to);

    /**
     * The newest calls first.
     *
     * @param limit 1 to 1,000
     */
    List<LedgerRow> lastCalls(TenantId tenant, int limit);

    /** How far back a call is found by the id that its client gave it. */
    Duration NAMED_BY_CLIENT = Duration.ofDays(7);

    /**
     * An admitted call.
     *
     * @param id the request id under which the gateway answered; or, for calls of the last {@link #NAMED_BY_CLIENT}, the
     *     one that the client gave its call, and then the newest that bears it
     */
    Optional<LedgerRow> call(TenantId tenant, String id);

    /**
     * Calls in the order of their time, page by page.
     *
     * @param cursor {@link LedgerPage#next} of the page before; null for the first
     * @param limit 1 to 10,000
     * @throws IllegalArgumentException when the cursor is none of ours
     */
    LedgerPage rows(LedgerFilter filter, @Nullable String cursor, int limit);

    /** Calls that came after their window: listed, neither counted nor billed. */
    List<LedgerRow> lateCalls(TenantId tenant, Instant from, Instant to, int limit);

    /**
     * The instant up to which every answered call is in the ledger, by the word of every gateway that has not said good-bye;
     * empty while no gateway has spoken.
     */
    Optional<Instant> completeUntil();
}
