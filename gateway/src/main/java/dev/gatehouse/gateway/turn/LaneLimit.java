package dev.gatehouse.gateway.turn;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What one tenant may have at a pool at once, moved by how long its own calls take. Nobody else's calls are compared with
 * them, so that what one tenant mixes says nothing about another.
 *
 * <p>Each operation is compared with itself, answers of one class (2xx, 4xx, …) apart from those of others, as a refusal takes
 * a millisecond where an answer takes 300. When calls take more than twice as long as usual, and more than 10 ms longer, that
 * may be the load, or it may be what they take: a <b>trial</b> tells. It takes the limit to {@value #TRIAL} of what is in
 * flight and looks whether calls get faster, as they do at a service that has more than it bears. If so the limit stays and
 * the next trial follows while they are slow. If not the limit goes back to where it was, what calls take is what they take
 * usually from now on, and the next trial waits: 2 s, twice as long each time, 30 s at the most. So a limit always recovers.
 * A tenant that has many calls in flight at a busy pool has such a trial now and then though none is slow: it may have come
 * when the service had more than it bears already, and never have met its usual time.
 * What fails takes the limit down at once, though never below what was shown: as many calls at once as the last seconds' answers
 * would have needed at their usual time.
 *
 * <p>Pure arithmetic over windows of 100 ms, but for {@link #took} and {@link #failed}, which all event loops call. Remembers
 * {@link #MOST_PACES} paces.
 */
final class LaneLimit {
    static final int LEAST = 8;
    static final int NONE = Integer.MAX_VALUE;
    static final int MOST_PACES = 16;

    private static final double SLOWER = 2.0;
    private static final double SLACK_NANOS = 10e6;
    private static final double TRIAL = 0.7;
    private static final double DECREASE = 0.9;
    private static final double INCREASE = 0.05;
    /** Of the cut of what is in flight, the part by which calls have to get faster. */
    private static final double BELIEVED = 0.4;

    private static final double SHOWN_DECAY = 0.99;
    private static final int FEW_CALLS = 5;
    private static final int TRIAL_CALLS = 30;
    private static final int PATIENCE_WINDOWS = 10;
    private static final int FIRST_PAUSE = 20;
    private static final int LONGEST_PAUSE = 300;
    private static final int LONGEST_PROBE_PAUSE = 3_000;
    private static final int IDLE_WINDOWS = 3_000;
    private static final double WINDOW_NANOS = 100e6;

    private final Map<Key, Pace> paces = new ConcurrentHashMap<>();
    private final LongAdder failures = new LongAdder();
    private volatile double limit = NONE;

    private double before = NONE;
    private Phase phase = Phase.STEADY;
    private double ratioBefore;
    private double inFlightBefore;
    private int settleWindows;
    private int pauseWindows;
    private int pause = FIRST_PAUSE;
    private int probeWindows = FIRST_PAUSE;
    private int probePause = FIRST_PAUSE;
    private Verdict last = Verdict.NOTHING;
    private int idle;
    private double shown;

    // gathered until there are enough to judge
    private long calls;
    private double took;
    private double usual;
    private int gathered;
    private int mostGathered;

    private record Key(String operation, int outcome) {}

    /** What the tenant's calls say about the pool. */
    enum Verdict {
        /** Too few to say. */
        NOTHING,
        AT_USUAL,
        SLOW,
        FAILING
    }

    private enum Phase {
        STEADY,
        TRIAL
    }

    int value() {
        return (int) Math.min(NONE, limit);
    }

    /** As many at once as the last seconds' answers would have needed at their usual time. */
    double shown() {
        return shown;
    }

    void took(String operation, int status, long nanos) {
        Key key = new Key(operation, status / 100);
        Pace pace = paces.get(key);
        if (pace == null && paces.size() < MOST_PACES) {
            pace = paces.computeIfAbsent(key, k -> new Pace());
        }
        if (pace != null) {
            pace.add(nanos);
        }
    }

    void failed() {
        failures.increment();
    }

    int remembered() {
        return paces.size();
    }

    /**
     * Ends a window.
     *
     * @param own most of the tenant's calls that were in flight at once
     * @param all of the pool's
     */
    Verdict endWindow(int own, int all, PoolState state) {
        long failed = failures.sumThenReset();
        if (own == 0 && failed == 0 && paces.isEmpty()) {
            return Verdict.NOTHING;
        }
        Pace.Lesson lesson = phase == Phase.TRIAL
                ? Pace.Lesson.NONE
                : state == PoolState.AT_EASE && limit >= NONE ? Pace.Lesson.BOTH : Pace.Lesson.SHORTER;
        boolean any = gather(lesson, all);
        idle = any || own > 0 || failed > 0 ? 0 : idle + 1;
        if (idle > IDLE_WINDOWS) {
            forget();
            return Verdict.NOTHING;
        }
        pauseWindows = Math.max(0, pauseWindows - 1);
        if (failed > 0) {
            limit = Math.max(least(), Math.min(limit, own) * DECREASE);
            phase = Phase.STEADY;
            clear();
            last = Verdict.FAILING;
        } else {
            last = phase == Phase.TRIAL ? trial(own) : steady(own, state);
        }
        return last;
    }

    private boolean gather(Pace.Lesson lesson, int all) {
        double usualNow = 0;
        long callsNow = 0;
        for (Pace pace : paces.values()) {
            Pace.Window window = pace.next(lesson);
            callsNow += window.calls();
            took += window.tookNanos();
            usualNow += window.usualNanos();
        }
        calls += callsNow;
        usual += usualNow;
        gathered++;
        mostGathered = Math.max(mostGathered, all);
        // a window may have all the answers of two, so that several are looked at together
        shown = Math.max(shown * SHOWN_DECAY, usual / (gathered * WINDOW_NANOS));
        return callsNow > 0;
    }

    private Verdict steady(int own, PoolState state) {
        probeWindows = Math.max(0, probeWindows - 1);
        if (calls < FEW_CALLS && gathered < PATIENCE_WINDOWS || calls == 0) {
            return own == 0 && calls == 0 ? Verdict.NOTHING : last;
        }
        boolean slow = isSlow();
        if (!slow && probeWindows == 0 && state == PoolState.BUSY && own > 2 * LEAST) {
            before = limit;
            ratioBefore = took / usual;
            begin(own);
            return Verdict.AT_USUAL;
        }
        if (!slow) {
            grow(own);
            clear();
            return Verdict.AT_USUAL;
        }
        if (pauseWindows > 0) {
            clear();
            return Verdict.NOTHING;
        }
        before = limit;
        ratioBefore = took / usual;
        begin(own);
        return Verdict.SLOW;
    }

    /** Cuts what is in flight, and waits until the calls that are answered have begun after the cut. */
    private void begin(int own) {
        inFlightBefore = mostGathered;
        double mean = took / calls;
        settleWindows = 1 + (int) Math.min(50, Math.ceil(mean / WINDOW_NANOS));
        limit = Math.max(LEAST, Math.min(limit, own) * TRIAL);
        phase = Phase.TRIAL;
        clear();
    }

    private Verdict trial(int own) {
        if (settleWindows > 0) {
            settleWindows--;
            clear();
            return last;
        }
        if (calls < TRIAL_CALLS && gathered < PATIENCE_WINDOWS) {
            return last;
        }
        double cut = 1 - mostGathered / Math.max(1, inFlightBefore);
        double ratio = calls == 0 ? ratioBefore : took / usual;
        double faster = 1 - ratio / ratioBefore;
        if (cut > 0.02 && faster >= BELIEVED * cut) {
            pause = FIRST_PAUSE;
            Verdict verdict = isSlow() ? Verdict.SLOW : Verdict.AT_USUAL;
            if (own > LEAST) {
                // as long as a cut makes calls faster, it costs nothing
                before = limit;
                ratioBefore = ratio;
                begin(own);
            } else {
                phase = Phase.STEADY;
                clear();
            }
            return verdict;
        }
        limit = before;
        phase = Phase.STEADY;
        paces.values().forEach(Pace::believeLately);
        pauseWindows = pause;
        pause = Math.min(LONGEST_PAUSE, pause * 2);
        probeWindows = probePause;
        probePause = Math.min(LONGEST_PROBE_PAUSE, probePause * 4);
        clear();
        return Verdict.AT_USUAL;
    }

    private boolean isSlow() {
        return took > SLOWER * usual && took - usual > SLACK_NANOS * calls;
    }

    private void grow(int own) {
        double now = limit;
        if (now < NONE && own * 2 >= now) {
            double grown = now + Math.max(1, now * INCREASE);
            limit = grown > AdaptiveLimit.MOST ? NONE : grown;
        }
    }

    private double least() {
        return Math.max(LEAST, Math.ceil(shown));
    }

    private void clear() {
        calls = 0;
        took = 0;
        usual = 0;
        gathered = 0;
        mostGathered = 0;
    }

    private void forget() {
        paces.clear();
        limit = NONE;
        before = NONE;
        phase = Phase.STEADY;
        shown = 0;
        pause = FIRST_PAUSE;
        pauseWindows = 0;
        probePause = FIRST_PAUSE;
        probeWindows = FIRST_PAUSE;
        last = Verdict.NOTHING;
        idle = 0;
        clear();
    }

    @Override
    public String toString() {
        return phase + " " + last + ", limit " + (limit >= NONE ? "none" : Integer.toString(value())) + ", shown "
                + Math.round(shown) + ", " + paces.values();
    }
}
