package dev.gatehouse.bench.crash;

import dev.gatehouse.engines.Durability;
import dev.gatehouse.engines.EmbeddedPostgres;
import dev.gatehouse.metering.MeteringModule;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What drills have in common because making it takes longer than a drill: a PostgreSQL server, of which a drill may kill
 * the process, and a ledger without a row, of which each gets a copy that nothing else uses.
 */
final class Installation implements AutoCloseable {
    private static final String EMPTY = "empty_ledger";
    private static final int DROP_TRIES = 20;

    /** insufficient_privilege (PostgreSQL manual, appendix A). */
    private static final String NOT_OURS_TO_END = "42501";

    private final Path home;
    private EmbeddedPostgres postgres;

    /** @param folder where the server's data is made anew */
    Installation(Path folder) throws Exception {
        home = folder.resolve("postgres");
        delete(home);
        // what was committed must outlive a kill -9
        postgres = EmbeddedPostgres.start(home, Durability.DURABLE);
        postgres.createDatabase(EMPTY);
        MeteringModule.open(DatabaseUrl.parse(postgres.url(EMPTY)), CrashWriter.settings(), InstantSource.system())
                .close();
    }

    synchronized EmbeddedPostgres postgres() {
        return postgres;
    }

    /** Starts the server again after its death. */
    synchronized void restart() {
        postgres = EmbeddedPostgres.start(home, Durability.DURABLE);
    }

    void createLedger(String name) throws SQLException {
        execute("CREATE DATABASE " + name + " TEMPLATE " + EMPTY);
    }

    /** Ends what is connected to it; but an autovacuum worker, which only a superuser may end, is waited for. */
    void dropLedger(String name) throws SQLException {
        for (int tries = 1; ; tries++) {
            try {
                execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
                return;
            } catch (SQLException e) {
                if (!NOT_OURS_TO_END.equals(e.getSQLState()) || tries == DROP_TRIES) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
            }
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres().url());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Removes a folder with all that is in it. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> all;
        try (var files = Files.walk(folder)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.deleteIfExists(file);
        }
    }

    @Override
    public void close() {
        postgres().close();
    }
}
