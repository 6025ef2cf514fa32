package dev.gatehouse.billing.price;

import dev.gatehouse.directory.PlanSales;
import dev.gatehouse.directory.Tenant;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** A tenant comes onto a plan only if that has prices in the currency the tenant pays in, and not after its end. */
public final class AgreedSales implements PlanSales {
    private final Agreements agreements;
    private final InstantSource clock;

    public AgreedSales(Agreements agreements, InstantSource clock) {
        this.agreements = agreements;
        this.clock = clock;
    }

    @Override
    public Optional<String> objectionToPlan(Tenant tenant, String plan) {
        Instant now = clock.instant();
        return agreements.of(tenant.id()).flatMap(agreed -> {
            if (agreed.hasEnded(now)) {
                return Optional.of("cannot change: the agreement with the tenant has ended");
            }
            boolean known = agreed.offers().prices().stream()
                    .anyMatch(list -> list.plan().equals(plan));
            return !known || agreed.offer(plan, now).isPresent()
                    ? Optional.empty()
                    : agreed.currencyAt(now)
                            .map(pays -> "is " + plan + ", which has no prices in " + pays.getCurrencyCode()
                                    + ", in which the tenant pays: add a price list first");
        });
    }

    @Override
    public Optional<String> objectionToResume(Tenant tenant) {
        return agreements
                .of(tenant.id())
                .filter(agreed -> agreed.hasEnded(clock.instant()))
                .map(agreed -> "cannot be resumed: the agreement with it has ended. Make a new tenant");
    }
}
