package dev.gatehouse.metering.ledger;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.usage.RefusalTally;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.metering.ledger.LedgerEvent.Lateness;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What the ledger believes of an event. Pure.
 *
 * @param lateAfter an event that comes longer after its time than this is marked late
 * @param window an event that comes longer after its time than this is not counted any more
 * @param ahead how far an event's time may lie in the future
 * @param tenants whether a tenant exists; throws {@link TenantsUnavailableException} when that cannot be told
 */
public record LedgerRules(Duration lateAfter, Duration window, Duration ahead, Predicate<TenantId> tenants) {
    /** Late after five minutes, not counted after three days, at most five minutes ahead, of any tenant. */
    public static final LedgerRules USUAL =
            new LedgerRules(Duration.ofMinutes(5), Duration.ofDays(3), Duration.ofMinutes(5), tenant -> true);

    /** These rules for the entries of one batch: each tenant is asked for once, after all of the batch was read. */
    LedgerRules forOneBatch() {
        Map<TenantId, Boolean> asked = new HashMap<>();
        return new LedgerRules(lateAfter, window, ahead, tenant -> asked.computeIfAbsent(tenant, tenants::test));
    }

    public Lateness lateness(UsageEvent event, Instant now) {
        if (event.at().isBefore(now.minus(window))) {
            return Lateness.PAST_WINDOW;
        }
        return event.at().isBefore(now.minus(lateAfter)) ? Lateness.LATE : Lateness.IN_TIME;
    }

    /** Why the event cannot be taken, or empty. */
    public Optional<String> fault(UsageEvent event, Instant now) {
        if (event.cost() < 0 || event.charged() < 0) {
            return Optional.of("its cost is " + event.cost() + " and its charge " + event.charged() + ": below zero");
        }
        if (event.requestBytes() < 0
                || event.responseBytes() < 0
                || event.upstreamMicros() < 0
                || event.totalMicros() < 0) {
            return Optional.of("a size or a duration is below zero");
        }
        if (event.at().isAfter(now.plus(ahead))) {
            return Optional.of("its time " + event.at() + " lies in the future");
        }
        if (event.at().isBefore(EARLIEST)) {
            return Optional.of("its time " + event.at() + " lies before all events");
        }
        if (!tenants.test(event.tenant())) {
            return Optional.of("tenant " + event.tenant() + " is not known");
        }
        return Optional.empty();
    }

    /** Why the tally cannot be taken, or empty. */
    public Optional<String> fault(RefusalTally tally, Instant now) {
        if (tally.count() < 1) {
            return Optional.of("its count is " + tally.count());
        }
        if (tally.second().isAfter(now.plus(ahead)) || tally.second().isBefore(now.minus(window))) {
            return Optional.of("its time " + tally.second() + " lies outside of the window");
        }
        if (tally.tenant() != null && !tenants.test(tally.tenant())) {
            return Optional.of("tenant " + tally.tenant() + " is not known");
        }
        return Optional.empty();
    }

    private static final Instant EARLIEST = Instant.parse("2020-01-01T00:00:00Z");
}
