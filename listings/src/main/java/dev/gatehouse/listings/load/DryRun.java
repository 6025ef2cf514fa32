package dev.gatehouse.listings.load;

import dev.gatehouse.listings.ImportPreview;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Shows what a mapping makes of a file, and stores nothing. */
public final class DryRun {
    private static final int SHOWN = 5;

    private DryRun() {}

    /** @param name of the file, in complaints */
    public static ImportPreview of(Mapping mapping, String name, InputStream in) {
        RowMapper mapper = new RowMapper(mapping);
        List<Map<String, String>> first = new ArrayList<>();
        Map<String, Long> rejected = new TreeMap<>();
        Map<String, String> examples = new TreeMap<>();
        long read = 0;
        long mapped = 0;
        try (CsvSource source = new CsvSource(name, in, mapping)) {
            for (CsvSource.Row row = source.next(); row != null; row = source.next()) {
                read++;
                RowMapper.Outcome outcome = source.isWhole(row)
                        ? mapper.map(row.number(), source.byName(row))
                        : source.wrongNumberOfFields(row);
                switch (outcome) {
                    case RowMapper.Outcome.Mapped(var incoming, var values) -> {
                        mapped++;
                        if (first.size() < SHOWN) {
                            Map<String, String> shown = new LinkedHashMap<>();
                            values.forEach((target, value) -> shown.put(target.text(), value));
                            first.add(shown);
                        }
                    }
                    case RowMapper.Outcome.Rejected(String reason, String detail) -> {
                        rejected.merge(reason, 1L, Long::sum);
                        examples.putIfAbsent(reason, "row " + row.number() + ": " + detail);
                    }
                }
            }
        }
        return new ImportPreview(first, read, mapped, rejected, examples);
    }
}
