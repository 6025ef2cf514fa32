package dev.gatehouse.gateway.admit;

/**
 * Whether an event loop asks Redis. One late answer is no sign that Redis is away: on a busy machine answers are late now and
 * then, and a call that has waited long enough is decided locally for itself ({@link LoopAdmission#PATIENCE_NANOS}). Redis is
 * away when its connection breaks or it takes no change, and when for {@link #DOUBT_NANOS} nothing has been answered in time;
 * it is back after {@link #ANSWERS_TO_RETURN} answers in time, one after the other.
 *
 * <table><caption>Transitions</caption>
 * <tr><th></th><th>answered late</th><th>answered in time</th><th>broken</th><th>the doubt lasts</th></tr>
 * <tr><th>HERE</th><td>DOUBTED</td><td>HERE</td><td>AWAY</td><td>HERE</td></tr>
 * <tr><th>DOUBTED</th><td>DOUBTED</td><td>HERE</td><td>AWAY</td><td>AWAY</td></tr>
 * <tr><th>AWAY</th><td>AWAY</td><td>HERE, at the second in a row</td><td>AWAY</td><td>AWAY</td></tr>
 * </table>
 *
 * <p>Time is the event loop's own ({@link LoopTime}): what the loop itself was late does not count.
 */
final class RedisStanding {
    static final long DOUBT_NANOS = 250_000_000L;
    static final int ANSWERS_TO_RETURN = 2;

    private State state = State.AWAY;
    private long doubtedNanos;
    private int inTime;

    enum State {
        /** Asked. */
        HERE,
        /** Asked, and probed besides. */
        DOUBTED,
        /** Probed only. */
        AWAY
    }

    State state() {
        return state;
    }

    boolean isAway() {
        return state == State.AWAY;
    }

    /** Something was not answered in time. */
    void late(long nowNanos) {
        inTime = 0;
        if (state == State.HERE) {
            state = State.DOUBTED;
            doubtedNanos = nowNanos;
        }
    }

    /** Something was answered in time. */
    void inTime() {
        if (state == State.AWAY) {
            inTime++;
            if (inTime < ANSWERS_TO_RETURN) {
                return;
            }
        }
        state = State.HERE;
        inTime = 0;
    }

    /** The connection is down, or Redis takes no change. */
    void broken() {
        state = State.AWAY;
        inTime = 0;
    }

    /** Time has passed. */
    void tick(long nowNanos) {
        if (state == State.DOUBTED && nowNanos - doubtedNanos >= DOUBT_NANOS) {
            state = State.AWAY;
        }
    }
}
