package dev.gatehouse.metering;

import dev.gatehouse.kernel.id.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
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
     * A tenant's hours, counted twice at one cut.
     *
     * @param rolledUp from the rollups
     * @param recounted the same from single calls, empty when that was not asked for; of a day whose hours need not be kept
     *     apart there is one figure for the whole day, as of its first hour
     */
    record Account(TenantId tenant, LedgerCut cut, List<BillableHour> rolledUp, List<BillableHour> recounted) {
        public Account {
            rolledUp = List.copyOf(rolledUp);
            recounted = List.copyOf(recounted);
        }
    }

    /**
     * Whom a walk over everyone asks for.
     *
     * @param byHour days, by their beginning in UTC, on which single calls are counted by hour
     */
    record Asked(TenantId tenant, Set<Instant> byHour) {
        public Asked {
            byHour = Set.copyOf(byHour);
        }
    }

    /** Where the figures of a walk are taken from. */
    enum Sources {
        ROLLUPS,
        ROLLUPS_AND_CALLS
    }

    /** Billable calls of a time. */
    record Total(long calls, long units) {
        public static final Total NOTHING = new Total(0, 0);
    }

    /** By the rollups, in one look with the cut. */
    Counted hours(TenantId tenant, Instant from, Instant to);

    /**
     * As {@link #hours}, with one figure for each day that is not named, as of the day's first hour: for sums, which are
     * there much sooner.
     *
     * @param from the beginning of a day in UTC, as {@code to} is
     * @param byHour days, by their beginning, whose hours are kept apart
     */
    Counted days(TenantId tenant, Instant from, Instant to, Set<Instant> byHour);

    /**
     * By the rollups, hour by hour, all plans put together, and all operations that are not named put together as well, under
     * the name {@code ""}: for what compares hours with hours.
     *
     * @param apart operations that are kept apart
     */
    List<BillableHour> shape(TenantId tenant, Instant from, Instant to, Set<String> apart);

    /** By the rollups and by the single calls, hour by hour, in one look with the cut. */
    Account twice(TenantId tenant, Instant from, Instant to);

    /**
     * Goes through tenants in the order given, all in one look with the cut: never more than a few tenants' hours are held
     * at a time.
     *
     * @param each hears of every tenant, one without billable calls included; what it throws ends the walk
     */
    void walk(Instant from, Instant to, List<Asked> tenants, Sources sources, Consumer<Account> each);

    /**
     * Sums by tenant; one without billable calls is not there.
     *
     * @param from the beginning of a day in UTC, as {@code to} is
     */
    Map<TenantId, Total> totals(Instant from, Instant to);

    /** Every tenant that the ledger knows. */
    List<TenantId> tenants();

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
