package dev.gatehouse.listings;

import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.listings.load.DryRun;
import dev.gatehouse.listings.load.ImportRun;
import dev.gatehouse.listings.load.ListingSink;
import dev.gatehouse.listings.load.Mapping;
import dev.gatehouse.listings.load.MappingReader;
import dev.gatehouse.listings.operate.ImportAdministration;
import dev.gatehouse.listings.operate.PostedRows;
import dev.gatehouse.listings.store.PostgresListingSink;
import dev.gatehouse.runtime.api.AddedOperations;
import dev.gatehouse.runtime.outbox.Outbox;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * Imports files beside a service that goes on answering, straight into its database or through the admin API: the service
 * sees each batch at most a quarter of a second after it is stored, and hands on the events that were written with it.
 */
public final class ListingsImport implements AutoCloseable {
    private static final String NAME = "listings";
    private static final int CONNECTIONS = 2;

    private final ListingSink sink;
    private final Runnable release;
    private final InstantSource clock;

    private ListingsImport(ListingSink sink, Runnable release, InstantSource clock) {
        this.sink = sink;
        this.release = release;
        this.clock = clock;
    }

    /** Migrates the schema {@code listings} and opens it. */
    public static ListingsImport open(DatabaseUrl url, InstantSource clock) throws SQLException {
        Database database = Database.open(url, NAME, "classpath:dev/gatehouse/listings/store/migration", CONNECTIONS);
        return new ListingsImport(
                new PostgresListingSink(database, new Outbox(NAME), clock, position -> {}), database::close, clock);
    }

    /** Reads files here, and hands their rows to an installation anywhere. */
    public static ListingsImport through(PostedRows.Post admin, InstantSource clock) {
        return new ListingsImport(new PostedRows(admin), () -> {}, clock);
    }

    /**
     * The far end of {@link #through}, as a part of the admin API.
     *
     * @param imports asked when the first row comes
     */
    public static AddedOperations administration(Supplier<ListingsImport> imports) {
        return new ImportAdministration(() -> imports.get().sink).operations();
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
            Path file, String mapping, ListingSink sink, InstantSource clock, ImportProgress progress) {
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
        release.run();
    }
}
