package dev.gatehouse.listings;

import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.listings.load.DryRun;
import dev.gatehouse.listings.load.ImportRun;
import dev.gatehouse.listings.load.Mapping;
import dev.gatehouse.listings.load.MappingReader;
import dev.gatehouse.listings.store.PostgresListingSink;
import dev.gatehouse.runtime.outbox.Outbox;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;

/**
 * Imports files in a process of its own, beside a service that goes on answering: the service sees each batch at most a
 * quarter of a second after it is stored, and hands on the events that were written with it.
 */
public final class ListingsImport implements AutoCloseable {
    private static final String NAME = "listings";
    private static final int CONNECTIONS = 2;

    private final Database database;
    private final PostgresListingSink sink;
    private final InstantSource clock;

    private ListingsImport(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
        this.sink = new PostgresListingSink(database, new Outbox(NAME), clock, position -> {});
    }

    /** Migrates the schema {@code listings} and opens it. */
    public static ListingsImport open(DatabaseUrl url, InstantSource clock) throws SQLException {
        return new ListingsImport(
                Database.open(url, NAME, "classpath:dev/gatehouse/listings/store/migration", CONNECTIONS), clock);
    }

    /**
     * Imports a CSV file, plain or packed by gzip. Rejected rows go to {@code FILE.rejects.csv} beside it.
     *
     * @param mapping the name of a bundled mapping, or the path of a mapping file
     * @throws ImportRefused when file or mapping cannot be used, or the file breaks off; what was stored before stays
     */
    public ImportReport file(Path file, String mapping, ImportProgress progress) {
        return file(file, mapping, sink, clock, progress);
    }

    static ImportReport file(
            Path file, String mapping, PostgresListingSink sink, InstantSource clock, ImportProgress progress) {
        Mapping chosen = MappingReader.find(mapping);
        try (InputStream in = Files.newInputStream(file)) {
            return new ImportRun(chosen, sink, progress)
                    .from(PrefixedId.next("imp", clock), file.toString(), in, rejects(file));
        } catch (IOException e) {
            throw new ImportRefused(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Where the rejected rows of a file are kept. */
    public static Path rejects(Path file) {
        return file.resolveSibling(file.getFileName() + ".rejects.csv");
    }

    /** What a mapping would make of a file; nothing is stored. */
    public static ImportPreview preview(Path file, String mapping) {
        Mapping chosen = MappingReader.find(mapping);
        try (InputStream in = Files.newInputStream(file)) {
            return DryRun.of(chosen, file.toString(), in);
        } catch (IOException e) {
            throw new ImportRefused(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
