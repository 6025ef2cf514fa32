package dev.gatehouse.billing.store;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.runtime.lease.Leases;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;

/** The schema billing in PostgreSQL. Each call is one transaction; what is thrown rolls it back. */
public final class BillingStore implements AutoCloseable {
    private final Database database;
    private final ReadPrices read = new ReadPrices();

    private BillingStore(Database database) {
        this.database = database;
    }

    /** Migrates and opens the schema. */
    public static BillingStore open(DatabaseUrl url, int poolSize) throws SQLException {
        return new BillingStore(Database.open(
                url, "billing", "classpath:dev/gatehouse/billing/store/migration", Math.max(4, poolSize)));
    }

    /** Sees every tenant's rows. */
    public <T> T asSystem(Function<Session, T> work) {
        return database.<T, RuntimeException>asSystem(handle -> work.apply(new Session(handle, read)));
    }

    /** Sees this tenant's rows, and what belongs to no tenant. */
    public <T> T asTenant(TenantId tenant, Function<Session, T> work) {
        return database.<T, RuntimeException>asTenant(tenant, handle -> work.apply(new Session(handle, read)));
    }

    /** As {@link #asSystem}, for work that has nothing to answer. */
    public void runAsSystem(Consumer<Session> work) {
        asSystem(session -> {
            work.accept(session);
            return session;
        });
    }

    /** As {@link #asTenant}, for work that has nothing to answer. */
    public void runAsTenant(TenantId tenant, Consumer<Session> work) {
        asTenant(tenant, session -> {
            work.accept(session);
            return session;
        });
    }

    /** The leases of billing's jobs. @param length for how long a holder that is silent keeps its lease */
    public Leases leases(Duration length) {
        return new Leases(database, "billing-" + UUID.randomUUID(), length);
    }

    /** For the schedule of jobs, which belongs to no tenant. */
    public DataSource schedule() {
        return database.dataSource();
    }

    @Override
    public void close() {
        database.close();
    }
}
