package dev.gatehouse.metering;

import dev.gatehouse.kernel.id.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What invoices are made from: billable calls as of a cut of the ledger. Calls that came after their window are in none of
 * these figures.
 */
public interface BillableUsage {

    /**
     * A tenant's hours and the cut at which they were counted.
     *
     * @param hours in the order of time, then operation and plan; an hour, plan and operation at most once
     */
    record Counted(LedgerCut cut, List<BillableHour> hours) {
        public Counted {
            hours = List.copyOf(hours);
        }
    }

    /**
     * Every tenant's hours, counted twice at one cut: from the rollups, and from the single calls.
     *
     * @param rolledUp by tenant; a tenant without billable calls is not there
     * @param recounted the same from single calls, empty when that was not asked for
     */
    record Everyone(
            LedgerCut cut, Map<TenantId, List<BillableHour>> rolledUp, Map<TenantId, List<BillableHour>> recounted) {
        public List<BillableHour> hoursOf(TenantId tenant) {
            return Objects.requireNonNullElse(rolledUp.get(tenant), List.of());
        }

        public List<BillableHour> recountOf(TenantId tenant) {
            return Objects.requireNonNullElse(recounted.get(tenant), List.of());
        }
    }

    /** Where the hours of {@link #everyone} are taken from. */
    enum Sources {
        ROLLUPS,
        ROLLUPS_AND_CALLS
    }

    /** By the rollups, in one look with the cut. */
    Counted hours(TenantId tenant, Instant from, Instant to);

    /** By the rollups and by the single calls, in one look with the cut. */
    Everyone twice(TenantId tenant, Instant from, Instant to);

    /** Of all tenants, in one look with the cut. */
    Everyone everyone(Instant from, Instant to, Sources sources);

    /**
     * Which calls stand behind a line: those of its hours that were in the ledger at one cut and not yet at another.
     *
     * @param operation null for all
     * @param plan null for all
     * @param after calls in this cut are left out; {@link LedgerCut#NOTHING} leaves out none
     * @param until calls past this cut are left out
     */
    record Behind(
            TenantId tenant,
            Instant from,
            Instant to,
            @Nullable String operation,
            @Nullable String plan,
            LedgerCut after,
            LedgerCut until) {}

    /**
     * Billable calls in the order of their time, page by page.
     *
     * @param cursor {@link LedgerPage#next} of the page before; null for the first
     * @param limit 1 to 10,000
     * @throws IllegalArgumentException when the cursor is none of ours
     */
    LedgerPage calls(Behind behind, @Nullable String cursor, int limit);

    /**
     * Which batches of the ledger an hour's calls came in.
     *
     * @param batches how many
     * @param first the lowest number
     * @param last the highest number
     * @param digest SHA-256 over the batches' hashes in the order of their numbers, in hexadecimal digits
     */
    record Batches(Instant hour, int shard, long calls, long batches, long first, long last, String digest) {}

    /** The batches of a tenant's billable calls up to a cut, by hour and shard. */
    List<Batches> batches(TenantId tenant, Instant from, Instant to, LedgerCut until);
}
