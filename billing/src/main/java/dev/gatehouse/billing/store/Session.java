package dev.gatehouse.billing.store;

import dev.gatehouse.runtime.lease.Lease;
import org.jdbi.v3.core.Handle;

/** One transaction's view of the tables. */
public final class Session {
    private static final String TRIAL = "trial";

    private final Handle handle;
    private final ReadPrices read;

    Session(Handle handle, ReadPrices read) {
        this.handle = handle;
        this.read = read;
    }

    public PriceRows prices() {
        return new PriceRows(handle, read);
    }

    public AgreementRows agreements() {
        return new AgreementRows(handle);
    }

    public CreditRows credits() {
        return new CreditRows(handle);
    }

    public InvoiceRows invoices() {
        return new InvoiceRows(handle);
    }

    public RunRows runs() {
        return new RunRows(handle);
    }

    public ExtraRows extras() {
        return new ExtraRows(handle);
    }

    public BudgetRows budgets() {
        return new BudgetRows(handle);
    }

    /** Lets the transaction commit only while the lease holds. */
    public void fence(Lease lease) {
        lease.fence(handle);
    }

    /** What is done from here on can be taken back by {@link #undo()}. */
    public void mark() {
        handle.savepoint(TRIAL);
    }

    /** Takes back everything since {@link #mark()}. */
    public void undo() {
        handle.rollbackToSavepoint(TRIAL);
    }

    /** Keeps every other transaction from the same work until the end of this one. */
    public void lock(String work) {
        handle.createQuery("SELECT 1 FROM (SELECT pg_advisory_xact_lock(hashtextextended(:work, 7203))) l")
                .bind("work", "billing " + work)
                .mapTo(Integer.class)
                .one();
    }
}
