package dev.gatehouse.runtime.lease;

import dev.gatehouse.runtime.sql.Database;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leases of a module's jobs, in a table of its schema. They go by the database's clock, so that processes whose clocks
 * differ agree on who holds one.
 *
 * <p>The module's migration creates the table:
 *
 * <pre>{@code
 * CREATE TABLE job_lease (
 *     job        text PRIMARY KEY,
 *     holder     text        NOT NULL,
 *     epoch      bigint      NOT NULL,
 *     held_until timestamptz NOT NULL
 * );
 * }</pre>
 */
public final class Leases {
    /** A standby takes over once a holder has been silent for so long. */
    public static final Duration USUAL = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(Leases.class);
    private static final Duration LOOK = Duration.ofMillis(50);

    private final Database database;
    private final String holder;
    private final Duration length;

    /**
     * @param holder names this process, for people
     * @param length for how long a lease holds after it was taken or renewed
     */
    public Leases(Database database, String holder, Duration length) {
        this.database = database;
        this.holder = holder;
        this.length = length;
    }

    /**
     * Does a job under its lease, which is renewed until the job is done and then given back.
     *
     * @param patience for how long it is waited for another holder to end; zero not to wait
     * @return empty when another process holds the lease
     */
    public <T> Optional<T> run(String job, Duration patience, Function<Lease, T> work) {
        Optional<Lease> taken = acquire(job);
        long begin = System.nanoTime();
        while (taken.isEmpty() && System.nanoTime() - begin < patience.toNanos()) {
            try {
                Thread.sleep(LOOK);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
            taken = acquire(job);
        }
        if (taken.isEmpty()) {
            return Optional.empty();
        }
        Lease lease = taken.get();
        CountDownLatch done = new CountDownLatch(1);
        Thread.ofVirtual().name("lease-" + job).start(() -> keep(lease, done));
        try {
            return Optional.of(work.apply(lease));
        } finally {
            done.countDown();
            release(lease);
        }
    }

    /** Empty while another holder's lease has not ended. */
    public Optional<Lease> acquire(String job) {
        return database.<Optional<Lease>, RuntimeException>asSystem(handle -> {
            handle.createUpdate("INSERT INTO job_lease (job, holder, epoch, held_until)"
                            + " VALUES (:job, :holder, 0, '-infinity') ON CONFLICT DO NOTHING")
                    .bind("job", job)
                    .bind("holder", holder)
                    .execute();
            // waits for writes of the holder before that are about to be committed
            boolean free = handle.createQuery(
                            "SELECT 1 FROM job_lease WHERE job = :job AND held_until < clock_timestamp() FOR UPDATE")
                    .bind("job", job)
                    .mapTo(Integer.class)
                    .findOne()
                    .isPresent();
            if (!free) {
                return Optional.empty();
            }
            return handle.createQuery("""
                            UPDATE job_lease SET holder = :holder, epoch = epoch + 1,
                                held_until = clock_timestamp() + make_interval(secs => :seconds)
                            WHERE job = :job RETURNING epoch
                            """)
                    .bind("holder", holder)
                    .bind("seconds", length.toMillis() / 1_000.0)
                    .bind("job", job)
                    .mapTo(Long.class)
                    .findOne()
                    .map(epoch -> new Lease(job, epoch, length));
        });
    }

    /** Whether it still holds: it does not once another process has taken over. */
    public boolean renew(Lease lease) {
        return database.<Boolean, RuntimeException>asSystem(handle -> handle.createUpdate("""
                        UPDATE job_lease SET held_until = clock_timestamp() + make_interval(secs => :seconds)
                        WHERE job = :job AND epoch = :epoch
                        """)
                        .bind("seconds", lease.length().toMillis() / 1_000.0)
                        .bind("job", lease.job())
                        .bind("epoch", lease.epoch())
                        .execute()
                == 1);
    }

    /** Gives it back, so that the next one need not wait for its end. */
    public void release(Lease lease) {
        try {
            database.<Integer, RuntimeException>asSystem(handle -> handle.createUpdate(
                            "UPDATE job_lease SET held_until = '-infinity' WHERE job = :job AND epoch = :epoch")
                    .bind("job", lease.job())
                    .bind("epoch", lease.epoch())
                    .execute());
        } catch (RuntimeException e) {
            LOG.warn("the lease on {} could not be given back; it ends by itself: {}", lease.job(), e.toString());
        }
    }

    private void keep(Lease lease, CountDownLatch done) {
        try {
            while (!done.await(lease.length().toMillis() / 4, TimeUnit.MILLISECONDS)) {
                if (!isRenewed(lease)) {
                    LOG.warn("the lease on {} was taken over by another process", lease.job());
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A database that is away for a moment is no reason to stop renewing. */
    private boolean isRenewed(Lease lease) {
        try {
            return renew(lease);
        } catch (RuntimeException e) {
            LOG.warn("the lease on {} could not be renewed: {}", lease.job(), e.toString());
            return true;
        }
    }
}
