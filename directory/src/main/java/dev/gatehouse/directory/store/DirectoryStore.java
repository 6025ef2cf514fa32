package dev.gatehouse.directory.store;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.sql.SQLException;
import java.util.function.Function;

/** The directory's schema in PostgreSQL. Each call is one transaction; what is thrown rolls it back. */
public final class DirectoryStore implements AutoCloseable {
    private final Database database;

    private DirectoryStore(Database database) {
        this.database = database;
    }

    /** Migrates and opens the schema. */
    public static DirectoryStore open(DatabaseUrl url, int poolSize) throws SQLException {
        return new DirectoryStore(Database.open(
                url, "directory", "classpath:dev/gatehouse/directory/store/migration", Math.max(2, poolSize)));
    }

    /** Sees every tenant's rows. */
    public <T> T asSystem(Function<Session, T> work) {
        return database.<T, RuntimeException>asSystem(handle -> work.apply(new Session(handle)));
    }

    /** Sees this tenant's rows, and what belongs to no tenant. */
    public <T> T asTenant(TenantId tenant, Function<Session, T> work) {
        return database.<T, RuntimeException>asTenant(tenant, handle -> work.apply(new Session(handle)));
    }

    /** The newest version; cheap enough to be asked for several times a second by each gateway. */
    public long version() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT n FROM version")
                        .mapTo(Long.class)
                        .one());
    }

    @Override
    public void close() {
        database.close();
    }
}
