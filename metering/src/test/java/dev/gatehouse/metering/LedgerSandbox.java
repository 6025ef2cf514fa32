package dev.gatehouse.metering;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.kernel.usage.UsageBatch;
import dev.gatehouse.metering.ledger.BatchAssembler;
import dev.gatehouse.metering.ledger.CommittedSequences;
import dev.gatehouse.metering.ledger.FencedException;
import dev.gatehouse.metering.ledger.Lease;
import dev.gatehouse.metering.ledger.LedgerBatch;
import dev.gatehouse.metering.ledger.LedgerRules;
import dev.gatehouse.metering.store.PostgresLedgerStore;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A ledger of a test's own, written without streams. */
public final class LedgerSandbox implements AutoCloseable {
    public static final Duration TERM = Duration.ofSeconds(30);

    private static final String OURS = "made for tests, which may drop it";

    private final String url;
    private final int sessions;
    private final @Nullable Database database;
    private final DataSource pool;
    private final Runnable closing;
    private final PostgresLedgerStore store;

    public LedgerSandbox() throws SQLException {
        this(EnginesForTests.newDatabase(), 4);
    }

    private LedgerSandbox(String url, int sessions) throws SQLException {
        this.url = url;
        this.sessions = sessions;
        Database opened = Database.open(
                DatabaseUrl.parse(url), "ledger", "classpath:dev/gatehouse/metering/store/ledger", sessions);
        database = opened;
        pool = opened.dataSource();
        closing = opened::close;
        store = new PostgresLedgerStore(pool);
    }

    /** Over a server that has one session for all connections: the scripts are run as they are, since Flyway needs two. */
    private LedgerSandbox(String url, List<String> scripts) throws SQLException {
        this.url = url;
        this.sessions = 1;
        this.database = null;
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = ledger, public");
            statement.execute("DO $$ BEGIN CREATE ROLE gatehouse_ledger NOLOGIN NOBYPASSRLS;"
                    + " EXCEPTION WHEN duplicate_object THEN NULL; END $$");
            for (String script : scripts) {
                statement.execute(script);
            }
            statement.execute("GRANT USAGE ON SCHEMA ledger TO gatehouse_ledger;"
                    + "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ledger TO gatehouse_ledger;"
                    + "GRANT USAGE ON ALL SEQUENCES IN SCHEMA ledger TO gatehouse_ledger");
        }
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(1);
        // names of prepared statements would meet those of the connection before
        config.addDataSourceProperty("prepareThreshold", "0");
        config.setConnectionInitSql("SET ROLE gatehouse_ledger; SET search_path = ledger, public");
        HikariDataSource single = new HikariDataSource(config);
        pool = single;
        closing = single::close;
        store = new PostgresLedgerStore(pool);
    }

    private static List<String> scripts() {
        List<String> scripts = new ArrayList<>();
        for (String name : List.of("V1__ledger", "V2__hypertables", "V3__latency_by_hour")) {
            try (InputStream in =
                    LedgerSandbox.class.getResourceAsStream("/dev/gatehouse/metering/store/ledger/" + name + ".sql")) {
                scripts.add(new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return scripts;
    }

    /** An empty ledger in a database that is there; a ledger of anyone else's in it is not touched. */
    public static LedgerSandbox emptied(String url) throws SQLException {
        int sessions;
        try (Connection one = DriverManager.getConnection(url);
                Connection two = DriverManager.getConnection(url);
                Statement statement = one.createStatement()) {
            sessions = text(one, "SELECT pg_backend_pid()").equals(text(two, "SELECT pg_backend_pid()")) ? 1 : 4;
            // where all connections are one session, a role that one has set holds for the next
            statement.execute(
                    "RESET ROLE; RESET search_path; DEALLOCATE ALL; CREATE EXTENSION IF NOT EXISTS timescaledb");
            String whose = text(
                    one,
                    "SELECT coalesce((SELECT coalesce(obj_description(oid, 'pg_namespace'), 'somebody''s')"
                            + " FROM pg_namespace WHERE nspname = 'ledger'), '')");
            if (!whose.isEmpty() && !whose.equals(OURS)) {
                throw new IllegalStateException("the database has a ledger that no test made: name another");
            }
            statement.execute("DROP SCHEMA IF EXISTS ledger CASCADE; CREATE SCHEMA ledger");
            statement.execute("COMMENT ON SCHEMA ledger IS '" + OURS + "'");
        }
        return sessions == 1 ? new LedgerSandbox(url, scripts()) : new LedgerSandbox(url, sessions);
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    /** How many connections work at once, each with a session of its own. */
    public int sessions() {
        return sessions;
    }

    public String url() {
        return url;
    }

    public Database database() {
        return Objects.requireNonNull(database, "this server has one session for all connections");
    }

    public DataSource dataSource() {
        return pool;
    }

    public PostgresLedgerStore store() {
        return store;
    }

    public Lease lease(int shard, String holder) throws SQLException {
        return store.acquire(shard, holder, TERM).orElseThrow();
    }

    public LedgerBatch batch(List<UsageBatch> entries, Instant now) {
        BatchAssembler assembler = new BatchAssembler(LedgerRules.USUAL, sequences(), now);
        entries.forEach(entry -> assembler.add("0-1", entry));
        return assembler.build();
    }

    public long write(Lease lease, List<UsageBatch> entries) throws SQLException, FencedException {
        return store.commit(lease, TERM, batch(entries, Instant.now()), sequences());
    }

    public CommittedSequences sequences() {
        return new CommittedSequences(sequence -> {
            try {
                return store.load(sequence);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    public long number(String sql) {
        return asSystem(statement -> {
            try (ResultSet row = statement.executeQuery(sql)) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    public void change(String sql) {
        asSystem(statement -> (long) statement.executeUpdate(sql));
    }

    private interface Work {
        long of(Statement statement) throws SQLException;
    }

    private long asSystem(Work work) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SET LOCAL gatehouse.tenant = '*'");
            long result = work.of(statement);
            connection.commit();
            return result;
        } catch (SQLException e) {
            throw new IllegalStateException(sql(e), e);
        }
    }

    private static String sql(SQLException e) {
        return e.getSQLState() + ": " + e.getMessage();
    }

    @Override
    public void close() {
        closing.run();
    }
}
