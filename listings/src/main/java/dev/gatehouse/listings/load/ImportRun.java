package dev.gatehouse.listings.load;

import dev.gatehouse.listings.ImportProgress;
import dev.gatehouse.listings.ImportReport;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One import: rows in batches, each batch stored before the next is read, so that memory does not grow with the file and
 * an import that was interrupted can be run again from the start: what it stored comes out as unchanged.
 */
public final class ImportRun {
    private static final int BATCH = 5_000;

    private final Mapping mapping;
    private final ListingSink sink;
    private final ImportProgress progress;
    private final Map<Long, CsvSource.Row> rows = new TreeMap<>();
    private final List<Incoming> batch = new ArrayList<>(BATCH);
    private final Map<String, Long> rejected = new TreeMap<>();
    private long read;
    private long accepted;
    private long unchanged;
    private long duplicates;

    public ImportRun(Mapping mapping, ListingSink sink, ImportProgress progress) {
        this.mapping = mapping;
        this.sink = sink;
        this.progress = progress;
    }

    /**
     * @param run names it, unlike any other
     * @param name of the file, in complaints
     * @param rejects where rejected rows go; null for nowhere
     * @throws dev.gatehouse.listings.ImportRefused when the file is not what the mapping expects, or breaks off
     */
    public ImportReport from(String run, String name, InputStream in, @Nullable Path rejects) {
        RowMapper mapper = new RowMapper(mapping);
        try (CsvSource source = new CsvSource(name, in, mapping);
                RejectsFile rejectsFile = new RejectsFile(rejects, source.columns())) {
            rejectsFile.clear();
            try {
                for (CsvSource.Row row = source.next(); row != null; row = source.next()) {
                    read++;
                    RowMapper.Outcome outcome = source.isWhole(row)
                            ? mapper.map(row.number(), source.byName(row))
                            : source.wrongNumberOfFields(row);
                    take(outcome, row, rejectsFile);
                    if (batch.size() == BATCH) {
                        store(run, rejectsFile);
                    }
                }
            } finally {
                store(run, rejectsFile);
                sink.finish(run);
            }
        }
        return report();
    }

    private void take(RowMapper.Outcome outcome, CsvSource.Row row, RejectsFile rejectsFile) {
        switch (outcome) {
            case RowMapper.Outcome.Mapped(Incoming incoming, var values) -> {
                batch.add(incoming);
                rows.put(row.number(), row);
            }
            case RowMapper.Outcome.Rejected(String reason, String detail) -> reject(rejectsFile, row, reason, detail);
        }
    }

    private void store(String run, RejectsFile rejectsFile) {
        if (!batch.isEmpty()) {
            ListingSink.Taken taken = sink.take(run, batch);
            accepted += taken.accepted();
            unchanged += taken.unchanged();
            duplicates += taken.duplicates();
            for (Long number : taken.repeated()) {
                CsvSource.Row row = rows.get(number);
                if (row != null) {
                    reject(rejectsFile, row, "key_repeated", "an earlier row has the same key and says something else");
                }
            }
            batch.clear();
            rows.clear();
        }
        progress.rows(read);
    }

    private void reject(RejectsFile rejectsFile, CsvSource.Row row, String reason, String detail) {
        rejected.merge(reason, 1L, Long::sum);
        rejectsFile.add(row, reason, detail);
    }

    private ImportReport report() {
        return new ImportReport(read, accepted, unchanged, duplicates, Map.copyOf(rejected));
    }
}
