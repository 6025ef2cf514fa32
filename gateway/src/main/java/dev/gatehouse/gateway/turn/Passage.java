package dev.gatehouse.gateway.turn;

import dev.gatehouse.kernel.directory.TenantEntry;
import java.util.concurrent.Executor;

/**
 * One call's way to a pool and out of it: first among its tenant's calls, then among the tenants. Used from the call's
 * event loop alone, except for the two methods by which it is let in.
 */
public final class Passage {
    private final TenantPlaces places;
    private final TenantEntry tenant;
    private final Turnstile pool;
    private final Lane lane;
    private final Traveller traveller;
    private State state = State.OUTSIDE;
    private Held held = Held.NOTHING;
    private boolean queued;
    private boolean stream;
    private long giveUpNanos;

    /** Hears how a passage that had to wait goes on; called on the call's event loop. */
    public interface Traveller {
        /** The call may go to its service. */
        void goOn();

        /** Runs an action later on the call's event loop. */
        Executor loop();
    }

    /** What became of the wish to go in. */
    public enum Answer {
        /** Go on at once. */
        IN,
        /** {@link Traveller#goOn} will be called, or {@link #isTooLate} becomes true. */
        WAIT,
        /** As many calls of the tenant wait as its plan allows. */
        FULL
    }

    private enum State {
        OUTSIDE,
        AWAITS_TENANT,
        AWAITS_POOL,
        INSIDE,
        GONE
    }

    /** Of the pool. */
    private enum Held {
        NOTHING,
        PLACE
    }

    public Passage(TenantPlaces places, TenantEntry tenant, Turnstile pool, Traveller traveller) {
        this.places = places;
        this.tenant = tenant;
        this.pool = pool;
        this.traveller = traveller;
        lane = pool.lane(tenant.id());
    }

    int maxConcurrent() {
        return Math.max(1, tenant.maxConcurrent());
    }

    /** @param longestNanos that the call waits */
    public Answer enter(long nowNanos, long longestNanos) {
        giveUpNanos = nowNanos + longestNanos;
        if (places.tryEnter(maxConcurrent())) {
            return enterPool();
        }
        if (!places.queue(tenant.maxQueued())) {
            state = State.GONE;
            return Answer.FULL;
        }
        queued = true;
        state = State.AWAITS_TENANT;
        places.await(this);
        return Answer.WAIT;
    }

    private Answer enterPool() {
        if (pool.tryEnter(lane, tenant.weight())) {
            held = Held.PLACE;
            inside();
            return Answer.IN;
        }
        if (!queued && !places.queue(tenant.maxQueued())) {
            state = State.GONE;
            places.leave();
            return Answer.FULL;
        }
        queued = true;
        state = State.AWAITS_POOL;
        pool.await(lane, this, tenant.weight());
        return Answer.WAIT;
    }

    private void inside() {
        state = State.INSIDE;
        if (queued) {
            queued = false;
            places.unqueue();
        }
    }

    /** Called by whoever gives the tenant's place away, under its lock. */
    void tenantLetsIn() {
        traveller.loop().execute(() -> {
            if (state == State.AWAITS_TENANT && enterPool() == Answer.IN) {
                traveller.goOn();
            }
        });
    }

    /** Called by whoever gives the pool's place away, under its lock. */
    void poolLetsIn() {
        traveller.loop().execute(() -> {
            if (state == State.AWAITS_POOL) {
                held = Held.PLACE;
                inside();
                traveller.goOn();
            }
        });
    }

    /** Whether the answer is a stream of events. */
    public boolean isStream() {
        return stream;
    }

    public boolean isWaiting() {
        return state == State.AWAITS_TENANT || state == State.AWAITS_POOL;
    }

    /** Whether the call has waited as long as it may. */
    public boolean isTooLate(long nowNanos) {
        return isWaiting() && nowNanos - giveUpNanos >= 0;
    }

    /** The client is slower than the service: the pool's place goes to another call, the tenant's stays taken. */
    public void lendPlace() {
        if (held == Held.PLACE) {
            held = Held.NOTHING;
            pool.leave(lane);
        }
    }

    /** The service works for the call again. */
    public void takePlaceBack() {
        if (state == State.INSIDE && held == Held.NOTHING && !stream) {
            held = Held.PLACE;
            pool.reenter(lane);
        }
    }

    /**
     * The answer is a stream of events without an end: it counts among the tenant's streams, and no longer among its calls
     * or the pool's.
     *
     * @return false when the tenant has that many streams already
     */
    public boolean becomeStream(int most) {
        if (!places.openStream(most)) {
            return false;
        }
        stream = true;
        lendPlace();
        places.leave();
        return true;
    }

    /** The call is over, or nobody waits for it any more. May be called more than once. */
    public void leave() {
        State before = state;
        state = State.GONE;
        if (queued) {
            queued = false;
            places.unqueue();
        }
        switch (before) {
            case OUTSIDE, GONE -> {}
            case AWAITS_TENANT -> {
                if (!places.cancel(this)) {
                    places.leave();
                }
            }
            case AWAITS_POOL -> {
                if (!pool.cancel(lane, this)) {
                    pool.leave(lane);
                }
                places.leave();
            }
            case INSIDE -> {
                lendPlace();
                if (stream) {
                    places.closeStream();
                } else {
                    places.leave();
                }
            }
        }
    }
}
