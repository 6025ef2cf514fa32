package dev.gatehouse.webhooks.delivery;

import dev.gatehouse.kernel.id.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where workers find what is due and write down what came of it. */
public interface DeliveryStore {
    /** What a worker must know of an endpoint; empty when there is none. */
    Optional<Target> target(String endpoint, Instant now);

    /**
     * Whose deliveries to claim.
     *
     * @param inOrder whether those wait that another with the same order key and a smaller sequence comes before
     */
    record Wanted(String endpoint, boolean inOrder) {}

    /**
     * Claims what is due to an endpoint, oldest first, until the lease ends. The lease runs by the database's clock, which is the
     * same for all: a process whose own is wrong neither holds deliveries for long nor takes them from another.
     */
    List<Due> claim(Wanted wanted, String claim, Instant now, Duration lease, int limit);

    /** Takes the one probe that an open breaker lets through; false when another worker was first. */
    boolean takeProbe(String endpoint, Instant openUntil, Instant next);

    /**
     * An endpoint whose deliveries are due again.
     *
     * @param at when the first is
     */
    record Again(String endpoint, TenantId tenant, Instant at) {}

    /** An endpoint that was disabled. */
    record Disabled(String endpoint, TenantId tenant, String url, String reason) {}

    /**
     * What results led to.
     *
     * @param recovered endpoints whose breaker closed
     * @param freed endpoints with deliveries that waited for one of these to be over
     */
    record Recorded(List<Again> again, List<String> recovered, List<Again> freed, List<Disabled> disabled) {}

    /** Writes attempts and verdicts in one transaction. A result whose claim has passed to another is only logged. */
    Recorded record(List<Finished> finished, Judge judge);

    /**
     * Endpoints with deliveries that have been due for a while and that nobody works on: those whose pointers or workers
     * were lost. Each is given out once in the time {@code offered}, by the database's clock.
     */
    List<Again> overdue(Instant dueBefore, Instant now, Duration offered);

    /** Every tenant that has deliveries in its log. */
    List<TenantId> tenants();

    /**
     * Forgets a tenant's deliveries that were over before an instant, with their attempts.
     *
     * @param limit how many at the most
     * @return how many
     */
    int forget(TenantId tenant, Instant finishedBefore, int limit);

    /**
     * Forgets messages of before an instant that no delivery is left of.
     *
     * @param limit how many at the most
     * @return how many
     */
    int forgetMessages(Instant madeBefore, int limit);
}
