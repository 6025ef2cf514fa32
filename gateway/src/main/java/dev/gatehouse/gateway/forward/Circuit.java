package dev.gatehouse.gateway.forward;

import org.jspecify.annotations.Nullable;

/**
 * One part of a target, closed while it serves and open while it fails. It opens for 1 s, twice as long each time a trial
 * fails, up to 30 s; when the time is over, one call at a time tries. Only a trial's failure opens it further: what was under
 * way when it opened has nothing new to say, and a trial that its client gives up says nothing at all.
 *
 * <p>An open circuit holds those off who have seen it fail. A tenant that has not, and was answered by the target within
 * the last 10 s, passes; one that nothing is known of may try at once, one at a time. So what some tenants see fail is closed to others only
 * when they see it themselves. That does not hold for a target that refuses connections. Guarded by its breaker.
 */
final class Circuit {
    static final long FIRST_NANOS = 1_000_000_000L;
    static final long LONGEST_NANOS = 30_000_000_000L;

    private static final long LATELY_NANOS = 10_000_000_000L;
    /** After which a trial that nothing is heard of no longer keeps others from trying. */
    private static final long TRIAL_NANOS = 60_000_000_000L;

    private enum State {
        CLOSED,
        /** Something of it is answered, and more of it is not. */
        OPEN,
        /** It cannot be connected to. */
        UNREACHABLE
    }

    private final Quorum quorum;
    private final Evidence evidence = new Evidence();
    private State state = State.CLOSED;
    private long changedNanos;
    private boolean everChanged;
    private long openUntil;
    private long touchedNanos;
    private int openings;
    private int refusals;
    private @Nullable Attempt trial;
    private @Nullable Attempt newcomer;

    Circuit(Quorum quorum) {
        this.quorum = quorum;
    }

    boolean isOpen() {
        return state != State.CLOSED;
    }

    boolean isQuiet(long nowNanos, long forNanos) {
        return nowNanos - touchedNanos > forNanos && (state == State.CLOSED || nowNanos - openUntil > forNanos);
    }

    void touch(long nowNanos) {
        touchedNanos = nowNanos;
    }

    boolean allows(Attempt attempt, Witnesses witnesses, long nowNanos) {
        return switch (state) {
            case CLOSED -> true;
            case UNREACHABLE -> mayTry(nowNanos);
            case OPEN ->
                evidence.isFailing(attempt.tenant())
                        ? mayTry(nowNanos)
                        : isServed(attempt, witnesses, nowNanos) || isFree(newcomer, nowNanos);
        };
    }

    private boolean mayTry(long nowNanos) {
        return nowNanos - openUntil >= 0 && isFree(trial, nowNanos);
    }

    private static boolean isFree(@Nullable Attempt taken, long nowNanos) {
        return taken == null || nowNanos - taken.beganNanos() > TRIAL_NANOS;
    }

    private boolean isServed(Attempt attempt, Witnesses witnesses, long nowNanos) {
        Witnesses.Witness last = witnesses.of(attempt.tenant());
        return last != null && nowNanos - last.atNanos() <= LATELY_NANOS;
    }

    /** An attempt that was allowed is made. */
    void begins(Attempt attempt, Witnesses witnesses, long nowNanos) {
        if (state == State.UNREACHABLE || state == State.OPEN && evidence.isFailing(attempt.tenant())) {
            trial = attempt;
        } else if (state == State.OPEN && !isServed(attempt, witnesses, nowNanos)) {
            newcomer = attempt;
        }
    }

    void answered(Attempt attempt, long nowNanos) {
        touchedNanos = nowNanos;
        refusals = 0;
        if (state != State.CLOSED) {
            change(State.CLOSED, nowNanos);
            openings = 0;
            evidence.clear();
        }
        evidence.answered(attempt.tenant(), quorum.pathOf(attempt), nowNanos);
    }

    void failed(Attempt attempt, Witnesses witnesses, long nowNanos) {
        touchedNanos = nowNanos;
        boolean tried = attempt == trial;
        boolean stale = everChanged && attempt.beganNanos() - changedNanos < 0;
        if (!stale) {
            evidence.failed(attempt.tenant(), quorum.pathOf(attempt), attempt.beganNanos(), nowNanos);
        }
        over(attempt);
        if (tried
                || !stale
                        && state == State.CLOSED
                        && evidence.condemns(quorum, nowNanos)
                        && !anyVouches(attempt, witnesses)) {
            open(State.OPEN, nowNanos);
        }
    }

    void unreachable(Attempt attempt, long nowNanos) {
        boolean tried = attempt == trial;
        over(attempt);
        boolean stale = everChanged && attempt.beganNanos() - changedNanos < 0;
        if (tried || !stale && state != State.UNREACHABLE && ++refusals >= Evidence.FAILURES) {
            open(State.UNREACHABLE, nowNanos);
        }
    }

    /** Nobody tries any more by this attempt. */
    void over(Attempt attempt) {
        if (attempt == trial) {
            trial = null;
        }
        if (attempt == newcomer) {
            newcomer = null;
        }
    }

    /** Whether somebody who does not fail was answered here since the failures began, while nobody counted. */
    private boolean anyVouches(Attempt failed, Witnesses witnesses) {
        long since = evidence.sinceNanos();
        for (int i = 0; i < witnesses.size(); i++) {
            Witnesses.Witness witness = witnesses.at(i);
            if (witness != null && witness.atNanos() - since >= 0 && quorum.covers(failed, witness)) {
                String path = quorum == Quorum.TARGET ? witness.operation() : witness.path();
                if (!evidence.isFailing(witness.tenant()) || !evidence.isPathFailing(path)) {
                    return true;
                }
            }
        }
        return false;
    }

    private void open(State why, long nowNanos) {
        change(why, nowNanos);
        openUntil = nowNanos + Math.min(LONGEST_NANOS, FIRST_NANOS << Math.min(openings, 5));
        openings++;
    }

    private void change(State next, long nowNanos) {
        state = next;
        changedNanos = nowNanos;
        everChanged = true;
        trial = null;
        newcomer = null;
    }
}
