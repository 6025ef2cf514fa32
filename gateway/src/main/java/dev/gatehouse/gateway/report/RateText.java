package dev.gatehouse.gateway.report;

import dev.gatehouse.gateway.admit.Admission;
import dev.gatehouse.gateway.admit.AdmissionRule;
import dev.gatehouse.gateway.admit.Levels;
import dev.gatehouse.kernel.plan.Limits;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;

/**
 * The headers that tell a tenant its limits; what does not change from call to call is made once.
 *
 * @see <a href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/10/">RateLimit header fields for
 *     HTTP, draft 10</a>
 */
public final class RateText {
    private static final CharSequence TENANT = HttpHeaders.createOptimized("X-RateLimit-Tenant");
    private static final CharSequence PLAN = HttpHeaders.createOptimized("X-RateLimit-Plan");
    private static final CharSequence LIMIT = HttpHeaders.createOptimized("X-RateLimit-Limit");
    private static final CharSequence REMAINING = HttpHeaders.createOptimized("X-RateLimit-Remaining");
    private static final CharSequence RESET = HttpHeaders.createOptimized("X-RateLimit-Reset");
    private static final CharSequence BURST = HttpHeaders.createOptimized("X-RateLimit-BurstRemaining");
    private static final CharSequence RATE = HttpHeaders.createOptimized("RateLimit");
    private static final CharSequence POLICY = HttpHeaders.createOptimized("RateLimit-Policy");
    private static final CharSequence DEGRADED = HttpHeaders.createOptimized("Gatehouse-Degraded");
    private static final CharSequence ADMISSION = HttpHeaders.createOptimized("admission");

    private final Limits limits;
    private final CharSequence tenant;
    private final CharSequence plan;
    private final CharSequence limit;
    private final CharSequence policy;

    public RateText(String slug, String plan, Limits limits) {
        this.limits = limits;
        this.tenant = HttpHeaders.createOptimized(slug);
        this.plan = HttpHeaders.createOptimized(plan);
        limit = HttpHeaders.createOptimized(Long.toString(limits.daily()));
        long window = Math.ceilDiv(limits.burst() * 60, limits.refillPerMinute());
        policy = HttpHeaders.createOptimized(
                "\"burst\";q=" + limits.burst() + ";w=" + window + ", \"daily\";q=" + limits.daily() + ";w=86400");
    }

    /** Adds the headers as they are after this decision. */
    public void addTo(MultiMap headers, Admission admission) {
        Levels levels = admission.levels();
        long midnight = AdmissionRule.nextMidnightMicros(levels.atMicros());
        String remaining = Long.toString(levels.quotaRemaining(limits.daily()));
        String burst = Long.toString(levels.bucketRemaining(limits.burst()));
        long full = Math.ceilDiv(levels.bucketUsed(), limits.refillPerMinute() * 1_000_000L);
        long reset = Math.ceilDiv(midnight - levels.atMicros(), 1_000_000L);
        headers.add(TENANT, tenant)
                .add(PLAN, plan)
                .add(LIMIT, limit)
                .add(REMAINING, remaining)
                .add(RESET, Long.toString(midnight / 1_000_000L))
                .add(BURST, burst)
                .add(RATE, "\"burst\";r=" + burst + ";t=" + full + ", \"daily\";r=" + remaining + ";t=" + reset)
                .add(POLICY, policy);
        if (admission.degraded()) {
            headers.add(DEGRADED, ADMISSION);
        }
    }
}
