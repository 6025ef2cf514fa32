package dev.gatehouse.runtime.lease;

import java.time.Duration;
import org.jdbi.v3.core.Handle;

/**
 * The right to do a job. Each takeover raises the epoch, so that a holder that was paused and wakes up is told apart from
 * the one that does the job now.
 *
 * @param job what it is for, as in {@code close-periods}
 * @param epoch grows with every takeover
 * @param length for how long it holds after a renewal
 */
public record Lease(String job, long epoch, Duration length) {
    /**
     * Lets the transaction commit only while this lease has not been taken over: a takeover waits for it. Call it before
     * the first write. A process that stops in the middle of the transaction is cut off by the server once the lease would
     * have ended, and holds nobody up for longer.
     *
     * @throws LeaseLostException when another process has taken over
     */
    public void fence(Handle transaction) {
        transaction
                .createQuery("SELECT set_config('idle_in_transaction_session_timeout', :millis, true)")
                .bind("millis", Long.toString(length.toMillis()))
                .mapTo(String.class)
                .one();
        // a renewal does not wait for this lock, a takeover does
        boolean ours = transaction
                .createQuery("SELECT epoch FROM job_lease WHERE job = :job AND epoch = :epoch FOR KEY SHARE")
                .bind("job", job)
                .bind("epoch", epoch)
                .mapTo(Long.class)
                .findOne()
                .isPresent();
        if (!ours) {
            throw new LeaseLostException(this);
        }
    }
}
