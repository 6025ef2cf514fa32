package dev.gatehouse.gateway.forward;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What speaks against one part of a target, and what for it. Each tenant's calls are weighed by their rate of failures and
 * not by their number, each path's likewise, so that whoever calls most does not decide. Guarded by its breaker.
 */
final class Evidence {
    /** Failures, beyond what answers take off, that condemn. */
    static final int FAILURES = 5;

    private static final int MOST_MEMBERS = 24;
    private static final double NEWEST = 0.3;
    private static final double FAILING = 0.5;
    private static final double WELL_SERVED = 0.2;
    private static final double FORGIVEN = 0.7;
    private static final long VALID_NANOS = 60_000_000_000L;

    private final Map<Object, Tally> tenants = new LinkedHashMap<>(4, 0.75f, true);
    private final Map<Object, Tally> paths = new LinkedHashMap<>(4, 0.75f, true);
    private final long[] lastBegan = new long[FAILURES];
    private int noted;
    private double failures;

    /** How one tenant, or one path, fared: the share of failures, the last calls counting most. */
    private static final class Tally {
        private double ratio = -1;
        private long answeredNanos;
        private long toldNanos;
        private boolean answered;

        void failed(long nowNanos) {
            ratio = ratio < 0 ? 1 : ratio + (1 - ratio) * NEWEST;
            toldNanos = nowNanos;
        }

        void answered(long nowNanos) {
            ratio = ratio < 0 ? 0 : ratio * (1 - NEWEST);
            toldNanos = nowNanos;
            answeredNanos = nowNanos;
            answered = true;
        }

        boolean isFailing() {
            return ratio >= FAILING;
        }

        boolean isWellServed(long sinceNanos) {
            return answered && ratio <= WELL_SERVED && answeredNanos - sinceNanos >= 0;
        }
    }

    void failed(Object tenant, Object path, long beganNanos, long nowNanos) {
        tally(tenants, tenant).failed(nowNanos);
        tally(paths, path).failed(nowNanos);
        failures++;
        lastBegan[noted++ % FAILURES] = beganNanos;
    }

    void answered(Object tenant, Object path, long nowNanos) {
        tally(tenants, tenant).answered(nowNanos);
        tally(paths, path).answered(nowNanos);
        failures *= FORGIVEN;
    }

    void clear() {
        tenants.clear();
        paths.clear();
        failures = 0;
        noted = 0;
    }

    boolean isFailing(Object tenant) {
        Tally tally = tenants.get(tenant);
        return tally != null && tally.isFailing();
    }

    boolean isPathFailing(Object path) {
        Tally tally = paths.get(path);
        return tally != null && tally.isFailing();
    }

    /** When the oldest of the last failures had begun; an answer since then speaks for the target. */
    long sinceNanos() {
        long since = lastBegan[0];
        for (int i = 1; i < Math.min(noted, FAILURES); i++) {
            since = lastBegan[i] - since < 0 ? lastBegan[i] : since;
        }
        return since;
    }

    /** Whether these failures are enough, are several's, and nobody was served well meanwhile. */
    boolean condemns(Quorum quorum, long nowNanos) {
        tenants.values().removeIf(tally -> nowNanos - tally.toldNanos > VALID_NANOS);
        paths.values().removeIf(tally -> nowNanos - tally.toldNanos > VALID_NANOS);
        // a hair less, as answers of long ago leave a fraction
        if (failures < FAILURES - 0.01 || mean(tenants) < FAILING) {
            return false;
        }
        long since = sinceNanos();
        return failing(tenants) >= quorum.tenants
                && failing(paths) >= quorum.paths
                && !anyWellServed(tenants, since)
                && !anyWellServed(paths, since);
    }

    private static Tally tally(Map<Object, Tally> members, Object who) {
        Tally known = members.get(who);
        if (known != null) {
            return known;
        }
        if (members.size() >= MOST_MEMBERS) {
            var eldest = members.entrySet().iterator();
            eldest.next();
            eldest.remove();
        }
        Tally tally = new Tally();
        members.put(who, tally);
        return tally;
    }

    private static double mean(Map<Object, Tally> members) {
        double sum = 0;
        for (Tally tally : members.values()) {
            sum += tally.ratio;
        }
        return members.isEmpty() ? 0 : sum / members.size();
    }

    private static int failing(Map<Object, Tally> members) {
        int failing = 0;
        for (Tally tally : members.values()) {
            failing += tally.isFailing() ? 1 : 0;
        }
        return failing;
    }

    private static boolean anyWellServed(Map<Object, Tally> members, long sinceNanos) {
        for (Tally tally : members.values()) {
            if (tally.isWellServed(sinceNanos)) {
                return true;
            }
        }
        return false;
    }
}
