package dev.gatehouse.gateway.edge;

import dev.gatehouse.gateway.admit.Admission;
import dev.gatehouse.gateway.admit.AdmissionRule;
import dev.gatehouse.gateway.route.Operation;
import dev.gatehouse.kernel.directory.TenantEntry;
import dev.gatehouse.kernel.plan.Limits;

/** Says why a call met a limit and what to do. */
final class Limits429 {
    static final String SEND_FEWER = " Send fewer at once.";

    private Limits429() {}

    static String full(TenantEntry tenant) {
        return "The tenant has " + tenant.maxConcurrent() + " calls in flight and " + tenant.maxQueued()
                + " waiting, which is all that its plan allows.";
    }

    static String detail(Admission.Refuse refused, Call call) {
        Limits limits = call.knownStanding().limits();
        Operation operation = call.operation;
        int cost = operation == null ? 0 : operation.cost();
        if (refused.retryAfterSeconds() == AdmissionRule.NEVER) {
            return "The call costs " + cost + " units, more than the limits allow at any time. Ask for a larger plan.";
        }
        String wait = " Wait " + refused.retryAfterSeconds() + " s, or ask for a larger plan.";
        return switch (refused.code()) {
            case QUOTA_EXCEEDED ->
                "The quota of " + limits.daily() + " units a day is used up; it starts anew at 00:00 UTC." + wait;
            case KEY_QUOTA_EXCEEDED ->
                "The key's share of "
                        + call.knownStanding().account().allowance().keyDaily()
                        + " units a day is used up; it starts anew at 00:00 UTC." + wait;
            default ->
                "The call costs " + cost + " and the burst bucket of " + limits.burst() + " units holds "
                        + refused.levels().bucketRemaining(limits.burst()) + "; " + limits.refillPerMinute()
                        + " flow back each minute." + wait;
        };
    }
}
