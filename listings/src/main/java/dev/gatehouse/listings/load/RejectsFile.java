package dev.gatehouse.listings.load;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rejected rows with their reasons, as CSV beside the input; made when the first row is rejected. */
final class RejectsFile implements AutoCloseable {
    private final @Nullable Path file;
    private final List<String> columns;
    private @Nullable CsvWriter writer;

    /** @param file null to keep none */
    RejectsFile(@Nullable Path file, List<String> columns) {
        this.file = file;
        this.columns = columns;
    }

    /** Removes what an earlier import left. */
    void clear() {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot replace " + file, e);
        }
    }

    void add(CsvSource.Row row, String reason, String detail) {
        if (file == null) {
            return;
        }
        try {
            CsvWriter out = writer;
            if (out == null) {
                out = CsvWriter.builder().build(Files.newBufferedWriter(file));
                writer = out;
                out.writeRecord(with("row", "reason", "detail", columns));
            }
            out.writeRecord(with(Long.toString(row.number()), reason, detail, row.fields()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private static List<String> with(String first, String second, String third, List<String> rest) {
        List<String> all = new ArrayList<>(List.of(first, second, third));
        all.addAll(rest);
        return all;
    }

    @Override
    public void close() {
        try {
            if (writer != null) {
                writer.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
