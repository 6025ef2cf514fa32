package dev.gatehouse.kernel.usage;

import dev.gatehouse.kernel.key.KeyMode;

/**
 * What each outcome of a call does to the quota, the ledger and the bill, and whose it is: the one table on which gateway,
 * ledger and rating agree. HEAD counts as GET does, an answer from the cache as one from the service, and a stream as one
 * call that ends when the stream does.
 */
public enum UsageOutcome {
    /** 1xx and 2xx, whole. */
    SUCCESS(Charge.KEPT, Record.EVENT, true, Attribution.TENANT),
    /** 304: the client's copy is good. */
    NOT_MODIFIED(Charge.KEPT, Record.EVENT, true, Attribution.TENANT),
    /** Another 3xx. */
    REDIRECT(Charge.KEPT, Record.EVENT, false, Attribution.TENANT),
    /** 4xx of an admitted call. */
    CLIENT_FAULT(Charge.KEPT, Record.EVENT, false, Attribution.TENANT),
    /** 5xx, by the service or by the gateway in its place: unreachable, unavailable, too late. */
    SERVER_FAULT(Charge.GIVEN_BACK, Record.EVENT, false, Attribution.TENANT),
    /** The service broke off its answer: the status had been sent, the answer is worth nothing. */
    BROKEN_OFF(Charge.GIVEN_BACK, Record.EVENT, false, Attribution.TENANT),
    /** The client left before the head; the service has worked, the client got nothing. */
    CLIENT_GONE_BEFORE_HEAD(Charge.KEPT, Record.EVENT, false, Attribution.TENANT),
    /** The client left in mid-body; the service has worked, the client got a part. */
    CLIENT_GONE_IN_BODY(Charge.KEPT, Record.EVENT, false, Attribution.TENANT),
    /** The gateway died before it knew whether the answer arrived. */
    UNKNOWN(Charge.KEPT, Record.EVENT, false, Attribution.TENANT),
    /** 401 without a key, with a mistyped or an unknown one. */
    REFUSED_CALLER_UNKNOWN(Charge.NONE, Record.TALLY, false, Attribution.NOBODY),
    /** 401 or 403 with a key that is known: revoked, expired, out of scope, wrong address, tenant suspended. */
    REFUSED_CALLER_KNOWN(Charge.NONE, Record.TALLY, false, Attribution.TENANT),
    /** 429, and any other refusal before admission of a caller who is known. */
    REFUSED_LIMIT(Charge.NONE, Record.TALLY, false, Attribution.TENANT);

    /** What remains taken from bucket and quota. */
    public enum Charge {
        /** The settled cost. */
        KEPT,
        /** It was taken and is given back. */
        GIVEN_BACK,
        /** It was never taken. */
        NONE
    }

    /** How the ledger keeps it. */
    public enum Record {
        /** A {@link UsageEvent} of its own. */
        EVENT,
        /** A count in a {@link RefusalTally}. */
        TALLY
    }

    /** Whose it is. */
    public enum Attribution {
        TENANT,
        NOBODY
    }

    private final Charge charge;
    private final Record record;
    private final boolean priced;
    private final Attribution attribution;

    UsageOutcome(Charge charge, Record record, boolean priced, Attribution attribution) {
        this.charge = charge;
        this.record = record;
        this.priced = priced;
        this.attribution = attribution;
    }

    public Charge charge() {
        return charge;
    }

    public Record record() {
        return record;
    }

    public Attribution attribution() {
        return attribution;
    }

    /** Whether rating may price it: test keys are never billed. */
    public boolean billable(KeyMode mode) {
        return priced && mode == KeyMode.LIVE;
    }

    /** Units that remain charged of a call that took {@code cost}. */
    public long charged(long cost) {
        return charge == Charge.KEPT ? cost : 0;
    }

    /** The outcome of an admitted call. */
    public static UsageOutcome ofAdmitted(int status, Completion completion) {
        return switch (completion) {
            case CLIENT_GONE_BEFORE_HEAD -> CLIENT_GONE_BEFORE_HEAD;
            case CLIENT_GONE_IN_BODY -> status >= 500 ? SERVER_FAULT : CLIENT_GONE_IN_BODY;
            case UPSTREAM_BROKE_OFF -> BROKEN_OFF;
            case UNKNOWN -> UNKNOWN;
            case COMPLETE -> ofStatus(status);
        };
    }

    /** The outcome of a call that was not let in. */
    public static UsageOutcome ofRefused(int status, Attribution caller) {
        if (caller == Attribution.NOBODY) {
            return REFUSED_CALLER_UNKNOWN;
        }
        return status == 401 || status == 403 ? REFUSED_CALLER_KNOWN : REFUSED_LIMIT;
    }

    private static UsageOutcome ofStatus(int status) {
        if (status >= 500) {
            return SERVER_FAULT;
        }
        if (status >= 400) {
            return CLIENT_FAULT;
        }
        if (status == 304) {
            return NOT_MODIFIED;
        }
        return status >= 300 ? REDIRECT : SUCCESS;
    }
}
