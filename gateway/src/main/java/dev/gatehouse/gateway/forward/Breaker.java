package dev.gatehouse.gateway.forward;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps calls away from a target that fails, or from that part of it that fails. Shared by all event loops.
 *
 * <p>A fault may lie in what one tenant asks for, in one path, in one operation, or in the whole target. So there is a
 * {@link Circuit} for each of these that has failed lately, and the wider one opens only on evidence of several tenants and
 * several paths that no other's success speaks against. What a single tenant, or a single path, sees fail stays closed to that
 * tenant or path alone. A target that cannot be connected to is at fault itself, whoever finds out.
 *
 * <p>While nothing fails, an answer costs one read of {@link Witnesses}. What is remembered is bounded: the circuit that has
 * been quiet for longest is forgotten, which closes it.
 */
public final class Breaker {
    /** Circuits below the whole target's. */
    static final int MOST = 500;

    private static final long KEPT_NANOS = 60_000_000_000L;
    private static final long SWEEP_NANOS = 1_000_000_000L;

    private final Witnesses witnesses = new Witnesses();

    /** Whether anything failed lately; while false, nothing below is looked at. */
    private volatile boolean watching;

    // what follows is guarded by this
    private final Circuit whole = new Circuit(Quorum.TARGET);
    private final Map<Scope, Circuit> parts = new LinkedHashMap<>(16, 0.75f, true);
    private long sweptNanos;

    /** What part of a target a circuit guards: the calls with the same key. */
    private record Scope(Quorum quorum, Object key) {}

    private record TenantPath(Object tenant, String path) {}

    /** Whether the attempt may begin; takes nothing. */
    boolean allows(Attempt attempt, long nowNanos) {
        if (!watching) {
            return true;
        }
        synchronized (this) {
            for (Circuit circuit : known(attempt)) {
                if (!circuit.allows(attempt, witnesses, nowNanos)) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * Makes the attempt, as the trial of each half-open circuit that it passes.
     *
     * @return false when it may not begin after all
     */
    boolean begins(Attempt attempt, long nowNanos) {
        if (!watching) {
            return true;
        }
        synchronized (this) {
            if (!allows(attempt, nowNanos)) {
                return false;
            }
            known(attempt).forEach(circuit -> circuit.begins(attempt, witnesses, nowNanos));
            return true;
        }
    }

    /** The target has answered. */
    void answered(Attempt attempt, long nowNanos) {
        witnesses.answered(attempt, nowNanos);
        if (watching) {
            synchronized (this) {
                known(attempt).forEach(circuit -> circuit.answered(attempt, nowNanos));
                sweep(nowNanos);
            }
        }
    }

    /** The target has failed the attempt. */
    synchronized void failed(Attempt attempt, Fault fault, long nowNanos) {
        watching = true;
        whole.touch(nowNanos);
        if (fault == Fault.UNREACHABLE) {
            whole.unreachable(attempt, nowNanos);
            known(attempt).forEach(circuit -> circuit.over(attempt));
            return;
        }
        for (Scope scope : scopes(attempt)) {
            parts.computeIfAbsent(scope, s -> new Circuit(s.quorum)).failed(attempt, witnesses, nowNanos);
        }
        whole.failed(attempt, witnesses, nowNanos);
        Iterator<Circuit> eldest = parts.values().iterator();
        while (parts.size() > MOST) {
            eldest.next();
            eldest.remove();
        }
        sweep(nowNanos);
    }

    /** The attempt is over; if nothing came of it, another may be the trial in its place. */
    void over(Attempt attempt) {
        if (watching) {
            synchronized (this) {
                known(attempt).forEach(circuit -> circuit.over(attempt));
            }
        }
    }

    /** Whether the whole target is closed to calls now. */
    public synchronized boolean isOpen() {
        return whole.isOpen();
    }

    /** Circuits that are remembered, for tests of the bound. */
    synchronized int remembered() {
        return parts.size();
    }

    private static List<Scope> scopes(Attempt attempt) {
        String path = attempt.path();
        return List.of(
                new Scope(Quorum.TENANT_ON_PATH, new TenantPath(attempt.tenant(), path)),
                new Scope(Quorum.PATH, path),
                new Scope(Quorum.TENANT, attempt.tenant()),
                new Scope(Quorum.OPERATION, attempt.operation()));
    }

    private List<Circuit> known(Attempt attempt) {
        List<Circuit> known = new ArrayList<>(5);
        if (!parts.isEmpty()) {
            for (Scope scope : scopes(attempt)) {
                Circuit circuit = parts.get(scope);
                if (circuit != null) {
                    known.add(circuit);
                }
            }
        }
        known.add(whole);
        return known;
    }

    private void sweep(long nowNanos) {
        if (nowNanos - sweptNanos < SWEEP_NANOS) {
            return;
        }
        sweptNanos = nowNanos;
        parts.values().removeIf(circuit -> circuit.isQuiet(nowNanos, KEPT_NANOS));
        if (parts.isEmpty() && whole.isQuiet(nowNanos, KEPT_NANOS)) {
            watching = false;
        }
    }
}
