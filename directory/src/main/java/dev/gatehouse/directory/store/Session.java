package dev.gatehouse.directory.store;

import org.jdbi.v3.core.Handle;

/** One transaction's view of the tables. */
public final class Session {
    private static final String TRIAL = "trial";

    private final Handle handle;
    private long published;

    Session(Handle handle) {
        this.handle = handle;
    }

    /** Waits until no other transaction changes the directory, and keeps others from it until the end of this one. */
    public void lock() {
        handle.createQuery("SELECT n FROM version FOR UPDATE").mapTo(Long.class).one();
    }

    /** The newest version, this transaction's own included. */
    public long version() {
        return handle.createQuery("SELECT n FROM version").mapTo(Long.class).one();
    }

    /** The version for what is changed now. Versions become visible in their order, without gaps. */
    public long nextVersion() {
        published = handle.createQuery("UPDATE version SET n = n + 1 RETURNING n")
                .mapTo(Long.class)
                .one();
        return published;
    }

    /** The newest version that this transaction made; 0 when it made none. */
    public long published() {
        return published;
    }

    /** What is done from here on can be taken back by {@link #undo()}. */
    public void mark() {
        handle.savepoint(TRIAL);
    }

    /** Takes back everything since {@link #mark()}. */
    public void undo() {
        handle.rollbackToSavepoint(TRIAL);
        published = 0;
    }

    public TenantRows tenants() {
        return new TenantRows(handle);
    }

    public KeyRows keys() {
        return new KeyRows(handle);
    }

    public MemberRows members() {
        return new MemberRows(handle);
    }

    public RouteRows routes() {
        return new RouteRows(handle);
    }

    public OperatorRows operators() {
        return new OperatorRows(handle);
    }

    public AuditRows audit() {
        return new AuditRows(handle);
    }

    public IdempotencyRows idempotency() {
        return new IdempotencyRows(handle);
    }

    public PlanRows plans() {
        return new PlanRows(handle);
    }
}
