package dev.gatehouse.listings.load;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.gatehouse.listings.ImportRefused;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file's rows one after another, whatever ends its lines, packed by gzip or not, with or without a byte-order mark.
 * Names of columns count without regard to case and to spaces around them.
 */
final class CsvSource implements AutoCloseable {
    /** @param fields as in the file */
    record Row(long number, List<String> fields) {}

    private final String name;
    private final Mapping mapping;
    private final CsvReader<CsvRecord> reader;
    private final Iterator<CsvRecord> records;
    private final Map<String, Integer> positions = new HashMap<>();
    private final List<String> header;
    private long rows;

    /** @throws ImportRefused when the file lacks columns that the mapping needs */
    CsvSource(String name, InputStream in, Mapping mapping) {
        this.name = name;
        this.mapping = mapping;
        this.reader = CsvReader.builder()
                .fieldSeparator(mapping.separator())
                .skipEmptyLines(true)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .ofCsvRecord(open(name, in, mapping));
        this.records = reader.iterator();
        this.header = header();
    }

    private static InputStreamReader open(String name, InputStream in, Mapping mapping) {
        try {
            BufferedInputStream raw = new BufferedInputStream(in, 1 << 16);
            InputStream plain =
                    starts(raw, 0x1f, 0x8b) ? new BufferedInputStream(new GZIPInputStream(raw, 1 << 16)) : raw;
            if (starts(plain, 0xef, 0xbb, 0xbf)) {
                plain.skipNBytes(3);
            }
            return new InputStreamReader(
                    plain,
                    mapping.encoding()
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT));
        } catch (IOException e) {
            throw new ImportRefused(name + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static boolean starts(InputStream in, int... bytes) throws IOException {
        in.mark(bytes.length);
        boolean same = true;
        for (int expected : bytes) {
            same &= in.read() == expected;
        }
        in.reset();
        return same;
    }

    private List<String> header() {
        List<String> names = mapping.columns();
        if (names == null) {
            CsvRecord first = nextRecord();
            if (first == null) {
                throw new ImportRefused(name + " is empty. Nothing was imported.");
            }
            names = first.getFields();
        }
        for (int i = 0; i < names.size(); i++) {
            positions.putIfAbsent(normal(names.get(i)), i);
        }
        List<String> missing = mapping.needed().stream()
                .filter(column -> !positions.containsKey(normal(column)))
                .toList();
        if (!missing.isEmpty()) {
            throw new ImportRefused(name + " lacks the column" + (missing.size() == 1 ? " " : "s ")
                    + String.join(", ", missing) + ", which the mapping uses. It has: "
                    + String.join(", ", names.stream().map(String::strip).toList())
                    + ". Nothing was imported.");
        }
        return List.copyOf(names);
    }

    List<String> columns() {
        return header;
    }

    /**
     * The next row, or null at the end.
     *
     * @throws ImportRefused when the file breaks here
     */
    @Nullable
    Row next() {
        CsvRecord next = nextRecord();
        return next == null ? null : new Row(++rows, next.getFields());
    }

    private @Nullable CsvRecord nextRecord() {
        try {
            return records.hasNext() ? records.next() : null;
        } catch (UncheckedIOException | CsvParseException e) {
            throw broken(e);
        }
    }

    private ImportRefused broken(RuntimeException e) {
        String kept = " The " + rows + " rows before it are kept; run the import again once the file is whole.";
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CharacterCodingException) {
                return new ImportRefused(
                        name + " is not " + mapping.encoding() + " after row " + rows
                                + ": state its encoding in the mapping's source, as in encoding: ISO-8859-1." + kept,
                        e);
            }
            if (cause instanceof EOFException || cause instanceof ZipException) {
                return new ImportRefused(name + " is cut off or damaged after row " + rows + "." + kept, e);
            }
        }
        return new ImportRefused(name + " cannot be read after row " + rows + ": " + e.getMessage() + "." + kept, e);
    }

    /** Whether a row has as many fields as there are columns. */
    boolean isWhole(Row row) {
        return row.fields().size() == header.size();
    }

    RowMapper.Outcome wrongNumberOfFields(Row row) {
        return new RowMapper.Outcome.Rejected(
                "wrong_number_of_fields", row.fields().size() + " fields instead of " + header.size());
    }

    /** A row's text by the column's name, without spaces around it. */
    Function<String, String> byName(Row row) {
        return column -> {
            Integer at = positions.get(normal(column));
            return at == null ? "" : row.fields().get(at).strip();
        };
    }

    private static String normal(String column) {
        return column.strip().toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
