package dev.gatehouse.runtime.lease;

/** Another process took a job over while this one did not renew its lease: nothing more may be written for it here. */
public final class LeaseLostException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LeaseLostException(Lease lease) {
        super("The lease on " + lease.job() + " of epoch " + lease.epoch() + " was taken over by another process.");
    }
}
