package dev.gatehouse.runtime.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.runtime.aside.PostgresShelf;
import dev.gatehouse.runtime.telemetry.StatementSpans;
import dev.gatehouse.runtime.telemetry.Tracing;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A module's share of PostgreSQL: one schema, its migrations, and a pool of connections that work as the role
 * {@code gatehouse_SCHEMA}, which owns nothing and can only read and write rows of this schema.
 *
 * <p>Tables with a {@code tenant_id} carry a policy on the setting {@code gatehouse.tenant}: see {@link #asTenant} and
 * {@link #asSystem}. Outside of both, such tables look empty.
 */
public final class Database implements AutoCloseable {
    /** What {@code gatehouse.tenant} holds when the work is the platform's own and may see every tenant's rows. */
    public static final String SYSTEM = "*";

    /**
     * An attribute of Jdbi's statements, as in {@code query.define(PREPARED, true)}: the server keeps this one parsed, and
     * may keep its plan. For what is asked often and has one good plan whatever its parameters are.
     */
    public static final String PREPARED = "prepared";

    /** Of PostgreSQL's appendix A; what a statement's time limit ends with. */
    private static final String QUERY_CANCELED = "57014";

    /** The advisory lock of whoever prepares a schema's role and its rights. */
    private static final int PREPARING = 7_203_114;

    private static final int GRANT_TRIES = 40;

    /** How long a new connection may take to be let in. */
    private static final String ENTRY_SECONDS = "5";

    private static final String READ_COMMITTED = "READ COMMITTED";
    private static final String REPEATABLE_READ = "REPEATABLE READ";

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    private final DatabaseUrl url;
    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private final String schema;

    private Database(DatabaseUrl url, HikariDataSource pool, String schema) {
        this.url = url;
        this.pool = pool;
        this.schema = schema;
        this.jdbi = Jdbi.create(pool);
        jdbi.setStatementBuilderFactory(connection -> new RequestNamedStatements(application(schema)));
        if (Tracing.isOn()) {
            jdbi.setSqlLogger(new StatementSpans(schema));
        }
    }

    /**
     * Migrates the schema and opens the pool.
     *
     * @param schema lower case; the module's name
     * @param migrations where Flyway finds them, as in {@code classpath:dev/gatehouse/directory/store/migration}
     * @param poolSize connections at the most
     */
    public static Database open(DatabaseUrl url, String schema, String migrations, int poolSize) throws SQLException {
        if (!schema.matches("[a-z][a-z_]{0,40}")) {
            throw new IllegalArgumentException("not a schema name: " + schema);
        }
        prepare(url, schema, migrations);
        HikariConfig config = pooled(url, schema, poolSize);
        config.setConnectionInitSql("SET ROLE gatehouse_" + schema + "; SET search_path = " + schema + ", public");
        ServerWatch watch = ServerWatch.over(url);
        try {
            return new Database(url, new LimitedPool(config, watch), schema);
        } catch (RuntimeException e) {
            watch.removeIfUnused();
            throw e;
        }
    }

    /**
     * Why this process takes a database to be away; null when it does not, or has no pool there. Kept by a thread that asks
     * the server, and told without asking it.
     */
    public static @Nullable String absence(DatabaseUrl url) {
        return ServerWatch.absence(url);
    }

    /**
     * Whether a failure means that the database is there but had no connection free in time; never true together with
     * {@link #isAway}.
     */
    public static boolean isBusy(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DatabaseBusy) {
                return true;
            }
        }
        return false;
    }

    /** Whether nobody asked the database, since it was known to be away: {@link #isAway} is true as well. */
    public static boolean isKnownAway(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof DatabaseAway) {
                return true;
            }
        }
        return false;
    }

    /** Whether a failure means that the database cannot be reached now, and not that what it was asked is wrong. */
    public static boolean isAway(Throwable failure) {
        if (isBusy(failure)) {
            return false;
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientConnectionException) {
                return true;
            }
            if (cause instanceof SQLException sql) {
                String state = sql.getSQLState();
                // classes of PostgreSQL's appendix A: connection exception, operator intervention
                if (state != null && (state.startsWith("08") || state.startsWith("57P"))) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Whether the same may succeed later, or the fault lies with the one who asks: anything but that what was to be written
     * is not what the tables take.
     */
    public static boolean mayPass(Throwable failure) {
        if (isAway(failure) || isTooSlow(failure)) {
            return true;
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                String state = sql.getSQLState();
                // 22 data exception, 23 integrity violation, 54 program limit exceeded, 0A not supported (as \\u0000 in
                // JSON)
                return state == null || !state.matches("(22|23|54|0A).*");
            }
            if (cause instanceof IOException && !(cause instanceof JsonProcessingException)
                    || cause instanceof InterruptedException
                    || cause instanceof TimeoutException) {
                return true;
            }
        }
        return false;
    }

    /** Whether a failure means that a statement was ended for having taken too long. */
    public static boolean isTooSlow(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && QUERY_CANCELED.equals(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    private static HikariConfig pooled(DatabaseUrl url, String schema, int poolSize) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(schema);
        config.setJdbcUrl(url.jdbc());
        config.setUsername(url.user());
        config.setPassword(url.password());
        config.setMaximumPoolSize(poolSize);
        config.setConnectionTimeout(5_000);
        config.setInitializationFailTimeout(10_000);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        config.addDataSourceProperty("ApplicationName", application(schema));
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        config.setValidationTimeout(1_000);
        config.addDataSourceProperty("connectTimeout", ENTRY_SECONDS);
        config.addDataSourceProperty("loginTimeout", ENTRY_SECONDS);
        config.addDataSourceProperty("tcpKeepAlive", "true");
        return config;
    }

    private static String application(String schema) {
        return "gatehouse-" + schema;
    }

    private static void prepare(DatabaseUrl url, String schema, String migrations) throws SQLException {
        String role = "gatehouse_" + schema;
        try (Connection connection = DriverManager.getConnection(url.jdbc(), credentials(url));
                Statement sql = connection.createStatement()) {
            // two processes may come up at once; roles are shared by the databases of a cluster
            sql.execute("SELECT pg_advisory_lock(" + PREPARING + ")");
            sql.execute("CREATE SCHEMA IF NOT EXISTS " + schema);
            sql.execute("DO $$ BEGIN CREATE ROLE " + role + " NOLOGIN NOBYPASSRLS;"
                    + " EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$");
            sql.execute("GRANT " + role + " TO CURRENT_USER");
            sql.execute("SELECT pg_advisory_unlock(" + PREPARING + ")");
            Flyway.configure()
                    .dataSource(url.jdbc(), url.user(), url.password())
                    .schemas(schema)
                    .defaultSchema(schema)
                    .table("schema_history")
                    .locations(migrations)
                    .load()
                    .migrate();
            sql.execute("SET search_path = " + schema);
            sql.execute(PostgresShelf.TABLE);
            sql.execute("SELECT pg_advisory_lock(" + PREPARING + ")");
            grant(sql, "USAGE ON SCHEMA " + schema + " TO " + role);
            grant(sql, "SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + schema + " TO " + role);
            grant(sql, "USAGE ON ALL SEQUENCES IN SCHEMA " + schema + " TO " + role);
            sql.execute("SELECT pg_advisory_unlock(" + PREPARING + ")");
        }
    }

    /** A grant writes a table's row in the catalogue, and fails when something else, as a vacuum, writes it at that moment. */
    private static void grant(Statement sql, String what) throws SQLException {
        for (int tries = 1; ; tries++) {
            try {
                sql.execute("GRANT " + what);
                return;
            } catch (SQLException e) {
                if (!String.valueOf(e.getMessage()).contains("tuple concurrently updated") || tries == GRANT_TRIES) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }
    }

    /** For a connection outside of the pool: who it is, and how long it may take to be let in. */
    static Properties credentials(DatabaseUrl url) {
        Properties properties = new Properties();
        properties.setProperty("connectTimeout", ENTRY_SECONDS);
        properties.setProperty("loginTimeout", ENTRY_SECONDS);
        properties.setProperty("tcpKeepAlive", "true");
        if (url.user() != null) {
            properties.setProperty("user", url.user());
        }
        if (url.password() != null) {
            properties.setProperty("password", url.password());
        }
        return properties;
    }

    /** For tables that belong to no tenant. Each call on it takes a connection from the pool. */
    public Jdbi jdbi() {
        return jdbi;
    }

    public DataSource dataSource() {
        return pool;
    }

    public String schema() {
        return schema;
    }

    /** One transaction that sees and writes only this tenant's rows. */
    public <T, X extends Exception> T asTenant(TenantId tenant, HandleCallback<T, X> work) throws X {
        return inContext(tenant.value(), READ_COMMITTED, work);
    }

    /** One transaction of the platform's own that sees every tenant's rows. */
    public <T, X extends Exception> T asSystem(HandleCallback<T, X> work) throws X {
        return inContext(SYSTEM, READ_COMMITTED, work);
    }

    /** As {@link #asTenant}, with all statements looking at one state of the database (repeatable read). */
    public <T, X extends Exception> T snapshotAsTenant(TenantId tenant, HandleCallback<T, X> work) throws X {
        return inContext(tenant.value(), REPEATABLE_READ, work);
    }

    /** As {@link #asSystem}, with all statements looking at one state of the database (repeatable read). */
    public <T, X extends Exception> T snapshotAsSystem(HandleCallback<T, X> work) throws X {
        return inContext(SYSTEM, REPEATABLE_READ, work);
    }

    /**
     * As {@link #snapshotAsSystem}, looking at the state of another transaction that is under way.
     *
     * @param snapshot what {@code pg_export_snapshot()} said there
     */
    public <T, X extends Exception> T snapshotAsSystem(String snapshot, HandleCallback<T, X> work) throws X {
        if (!snapshot.matches("[0-9A-Fa-f-]{1,60}")) {
            throw new IllegalArgumentException("not a snapshot: " + snapshot);
        }
        return inContext(SYSTEM, REPEATABLE_READ + "; SET TRANSACTION SNAPSHOT '" + snapshot + "'", work);
    }

    /**
     * The level is set inside the transaction: Jdbi's own way asks the server for the level before and sets it back after,
     * and that fails on a connection that has died, in the place of what it died of.
     */
    private <T, X extends Exception> T inContext(String tenant, String level, HandleCallback<T, X> work) throws X {
        return jdbi.inTransaction((Handle handle) -> {
            if (!level.equals(READ_COMMITTED)) {
                handle.execute("SET TRANSACTION ISOLATION LEVEL " + level);
            }
            // within another transaction of this thread the rows that may be seen are the other one's again afterwards
            String before = enter(handle, tenant);
            if (before.isEmpty()) {
                return work.withHandle(handle);
            }
            boolean done = false;
            try {
                T value = work.withHandle(handle);
                done = true;
                return value;
            } finally {
                leave(handle, before, done);
            }
        });
    }

    /** Answers whose rows could be seen before; empty for nobody's. */
    private static String enter(Handle handle, String tenant) {
        return handle.createQuery("""
                        WITH old AS MATERIALIZED (SELECT coalesce(current_setting('gatehouse.tenant', true), '') AS tenant)
                        SELECT old.tenant, set_config('gatehouse.tenant', :tenant, true) FROM old
                        """)
                .bind("tenant", tenant)
                .map((row, context) -> row.getString(1))
                .one();
    }

    /** A transaction that failed takes no more statements, and sees nothing any more. */
    private static void leave(Handle handle, String before, boolean done) {
        try {
            enter(handle, before);
        } catch (RuntimeException e) {
            if (done) {
                throw e;
            }
        }
    }

    /**
     * Has the server look at the schema's tables anew. Of tables that were just filled its planner knows nothing, and finds
     * ways through them that are many times too long, until its own housekeeping comes by.
     */
    public void analyze() {
        try (Connection owner = DriverManager.getConnection(url.jdbc(), credentials(url));
                Statement sql = owner.createStatement()) {
            sql.execute("DO $$ DECLARE t text; BEGIN FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = '"
                    + schema + "' LOOP EXECUTE format('ANALYZE " + schema + ".%I', t); END LOOP; END $$");
        } catch (SQLException e) {
            LOG.warn("The planner does not know the tables of {} yet; they are slow until it does.", schema, e);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
