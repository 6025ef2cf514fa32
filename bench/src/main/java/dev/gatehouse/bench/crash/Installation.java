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

/**
 * What drills have in common because making it takes longer than a drill: a PostgreSQL server, of which a drill may kill
 * the process, and a ledger without a row, of which each gets a copy that nothing else uses.
 */
final class Installation implements AutoCloseable {
    private static final String EMPTY = "empty_ledger";

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

    void dropLedger(String name) throws SQLException {
        execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
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
