package dev.gatehouse.metering.ledger;

import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where the ledger is kept. One conformance suite holds for every store. */
public interface LedgerStore {
    /** Takes a shard that nobody holds, or whose holder's term is over; empty when another holds it. */
    Optional<Lease> acquire(int shard, String holder, Duration term) throws SQLException;

    /** Prolongs the lease without writing anything. */
    void renew(Lease lease, Duration term) throws SQLException, FencedException;

    /** Gives the shard free before its term is over. */
    void release(Lease lease) throws SQLException;

    /** What the ledger holds of a sequence. */
    CommittedSequences.Held load(Sequence sequence) throws SQLException;

    /** The number up to which each of the shard's sequences is settled. */
    Map<Sequence, Long> settled(int shard) throws SQLException;

    /**
     * Writes the whole batch in one transaction, or nothing of it.
     *
     * @param term by which the lease is prolonged in passing
     * @return the batch's number in its shard's chain; 0 for a batch without rows
     * @throws FencedException when the lease has passed to another
     */
    long commit(Lease lease, Duration term, LedgerBatch batch, CommittedSequences committed)
            throws SQLException, FencedException;

    /** Makes sure that events of these days have their place. */
    void prepare(LocalDate first, LocalDate last) throws SQLException;

    /** Makes raw rows of days before {@code before} small where it can; they are read and added to as ever. */
    void compact(LocalDate before) throws SQLException;

    /**
     * Drops raw rows of days before {@code keepFrom}, and minute rollups before {@code keepMinutesFrom}. Rollups of hours
     * and days stay.
     *
     * @return the days that were dropped
     */
    List<LocalDate> retire(LocalDate keepFrom, LocalDate keepMinutesFrom) throws SQLException;
}
