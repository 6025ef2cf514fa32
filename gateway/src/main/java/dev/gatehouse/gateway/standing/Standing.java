package dev.gatehouse.gateway.standing;

import dev.gatehouse.gateway.admit.Account;
import dev.gatehouse.gateway.admit.Allowance;
import dev.gatehouse.gateway.admit.Balance;
import dev.gatehouse.gateway.report.RateText;
import dev.gatehouse.gateway.turn.TenantPlaces;
import dev.gatehouse.kernel.directory.KeyEntry;
import dev.gatehouse.kernel.directory.TenantEntry;
import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.kernel.identity.CallerSubject;
import dev.gatehouse.kernel.plan.LimitOverride;
import dev.gatehouse.kernel.plan.Limits;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What holds for a caller until its key or tenant changes or an override ends.
 *
 * @param places what the tenant holds of this gateway
 * @param untilMillis the first instant at which the limits are others
 * @param subject the unchanging part of the sealed identity
 */
public record Standing(
        KeyEntry key,
        TenantEntry tenant,
        Account account,
        TenantPlaces places,
        RateText text,
        CallerSubject subject,
        long untilMillis) {

    static Standing of(KeyEntry key, TenantEntry tenant, Balance balance, TenantPlaces places, long nowMillis) {
        Instant now = Instant.ofEpochMilli(nowMillis);
        Limits limits = tenant.limitsAt(now);
        Integer percent = key.quotaPercent();
        Allowance allowance =
                percent == null ? new Allowance(limits, Allowance.NO_SHARE) : Allowance.share(limits, percent);
        CallerIdentity identity = new CallerIdentity(
                tenant.id(),
                tenant.slug(),
                tenant.plan(),
                key.id(),
                key.mode(),
                key.scopes(),
                tenant.fields(),
                "",
                Instant.EPOCH);
        return new Standing(
                key,
                tenant,
                new Account(tenant.id(), key.id(), allowance, balance),
                places,
                new RateText(tenant.slug(), tenant.plan(), limits),
                CallerSubject.of(identity),
                end(tenant.override(), now));
    }

    public Limits limits() {
        return account.allowance().limits();
    }

    private static long end(@Nullable LimitOverride override, Instant now) {
        if (override == null || !override.isInForce(now)) {
            return Long.MAX_VALUE;
        }
        Instant until = override.until();
        return until == null ? Long.MAX_VALUE : until.toEpochMilli();
    }
}
