package dev.gatehouse.metering.ledger;

/** The writer's lease has passed to another: nothing of the batch was written. */
public final class FencedException extends Exception {
    private static final long serialVersionUID = 1L;

    public FencedException(Lease lease) {
        super("shard " + lease.shard() + " is no longer held by " + lease.holder() + " in epoch " + lease.epoch());
    }
}
