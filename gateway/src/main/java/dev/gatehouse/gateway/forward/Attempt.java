package dev.gatehouse.gateway.forward;

import dev.gatehouse.kernel.id.TenantId;

/**
 * One attempt to have a call served by a target; made by {@link Pool#begin}, and told what becomes of it. It is over when
 * {@link #failed} or {@link #over} is called, whichever comes first; what is told later changes nothing. An attempt that
 * ends without an answer or a fault, as its client has left, says nothing about the target. Belongs to one event loop.
 */
public final class Attempt {
    private static final int LONGEST_PATH = 160;

    private final Pool pool;
    private final Target target;
    private final TenantId tenant;
    private final String operation;
    private final String path;
    private final long beganNanos;
    private boolean over;

    Attempt(Pool pool, Target target, TenantId tenant, String operation, String path, long beganNanos) {
        this.pool = pool;
        this.target = target;
        this.tenant = tenant;
        this.operation = operation;
        this.path = path;
        this.beganNanos = beganNanos;
    }

    public Target target() {
        return target;
    }

    /** The answer's head has come, whatever its status: a tenant whose calls make a service fail must not close it to others. */
    public void answered(long nowNanos) {
        if (!over) {
            target.breaker().answered(this, nowNanos);
            pool.retries().earn();
        }
    }

    /**
     * How long the target alone took from the request to the answer's head; not told when the client could have delayed it.
     *
     * @param status of the answer
     */
    public void took(int status, long nanos) {
        pool.turnstile().took(tenant, operation, status, nanos);
    }

    /** The target failed it, also after its answer's head. Ends the attempt. */
    public void failed(Fault fault, long nowNanos) {
        if (!over) {
            target.breaker().failed(this, fault, nowNanos);
            if (fault == Fault.UNREACHABLE || fault == Fault.TIMED_OUT) {
                pool.turnstile().failed(tenant);
            }
            over();
        }
    }

    /** The client holds the target up: others need not wait for what this attempt would tell of it. */
    public void heldUpByClient() {
        target.breaker().over(this);
    }

    /** Ends the attempt: the answer is complete, or nobody waits for it any more. */
    public void over() {
        if (!over) {
            over = true;
            target.inFlight().decrementAndGet();
            target.breaker().over(this);
        }
    }

    TenantId tenant() {
        return tenant;
    }

    /** The operation's id; for a route without a description the same for all paths of a method. */
    String operation() {
        return operation;
    }

    /** The path as it came, shortened so that what is remembered of it is bounded. */
    String path() {
        return path.length() <= LONGEST_PATH
                ? path
                : path.substring(0, LONGEST_PATH) + '#' + path.length() + '#' + path.hashCode();
    }

    long beganNanos() {
        return beganNanos;
    }
}
