package dev.gatehouse.gateway.edge;

import dev.gatehouse.gateway.admit.Admission;
import dev.gatehouse.gateway.admit.AdmissionRule;
import dev.gatehouse.gateway.admit.Levels;
import dev.gatehouse.gateway.standing.Standing;
import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.runtime.json.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code GET /v2/account/limits}: the caller's limits and levels, told without consuming any. */
final class AccountLimits {
    static final String SERVICE = "account";
    private static final String PATH = "/v2/account/limits";

    private AccountLimits() {}

    static boolean isAskedFor(String method, String path) {
        return path.equals(PATH) && (method.equals("GET") || method.equals("HEAD"));
    }

    static byte[] answer(Call call) {
        Standing standing = call.knownStanding();
        Admission admission = call.admission;
        if (admission == null) {
            throw new IllegalStateException("the levels are not known yet");
        }
        Levels levels = admission.levels();
        Limits limits = standing.limits();
        Map<String, Object> daily = new LinkedHashMap<>();
        daily.put("limit", limits.daily());
        daily.put("used", levels.quotaUsed());
        daily.put("remaining", levels.quotaRemaining(limits.daily()));
        daily.put("resetsAt", Instant.ofEpochSecond(AdmissionRule.nextMidnightMicros(levels.atMicros()) / 1_000_000));
        Map<String, Object> burst = new LinkedHashMap<>();
        burst.put("size", limits.burst());
        burst.put("remaining", levels.bucketRemaining(limits.burst()));
        burst.put("refillPerMinute", limits.refillPerMinute());
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("tenant", standing.tenant().slug());
        data.put("plan", standing.tenant().plan());
        data.put("daily", daily);
        data.put("burst", burst);
        if (standing.account().allowance().hasShare()) {
            long share = standing.account().allowance().keyDaily();
            Map<String, Object> key = new LinkedHashMap<>();
            key.put("limit", share);
            key.put("used", levels.keyUsed());
            key.put("remaining", Math.max(0, share - levels.keyUsed()));
            data.put("key", key);
        }
        return Json.bytes(Map.of("data", data, "meta", Map.of("degraded", admission.degraded())));
    }
}
