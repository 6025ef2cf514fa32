package dev.gatehouse.signals.external;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import dev.gatehouse.kernel.area.Area;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file of series whole. A row that makes no sense is left out and told with its reason; a blank, or {@code NA}, is a
 * value that is not known.
 *
 * @param rows read, the header not counted
 */
public record SeriesFile(List<ExternalSeries> series, int rows, List<Rejected> rejected) {
    private static final String COUNTY = " County";
    private static final int DIGITS = 18;
    private static final int LARGEST = 64 << 20;
    private static final Map<String, Measure> TEXAS = texas();

    /** @param row from 1, the header not counted */
    public record Rejected(int row, String reason) {}

    /** The file cannot be read as what it is said to be. */
    public static final class Unreadable extends RuntimeException {
        Unreadable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    private record Measure(String name, String unit) {}

    private record Name(String area, String region, Measure measure) {}

    private static final class Fault extends RuntimeException {
        Fault(String message) {
            super(message, null, false, false);
        }
    }

    private static Map<String, Measure> texas() {
        Map<String, Measure> measures = new LinkedHashMap<>();
        measures.put("sales", new Measure("SoldListings", "homes"));
        measures.put("volume", new Measure("SalesVolume", "USD"));
        measures.put("median", new Measure("MedianClosePrice", "USD"));
        measures.put("listings", new Measure("Inventory", "homes"));
        measures.put("inventory", new Measure("MonthsOfSupply", "months"));
        return measures;
    }

    /** @throws Unreadable when columns are missing, or it is no CSV file in UTF-8 */
    public static SeriesFile read(SeriesFormat format, InputStream in) {
        Map<Name, TreeMap<YearMonth, @Nullable BigDecimal>> all = new LinkedHashMap<>();
        List<Rejected> rejected = new ArrayList<>();
        int row = 0;
        try (CsvReader<NamedCsvRecord> reader = CsvReader.builder()
                .allowMissingFields(true)
                .allowExtraFields(true)
                .ofNamedCsvRecord(text(in))) {
            for (NamedCsvRecord line : reader) {
                row++;
                try {
                    if (line.getFieldCount() != line.getHeader().size()) {
                        throw new Fault("has " + line.getFieldCount() + " fields, the header "
                                + line.getHeader().size());
                    }
                    switch (format) {
                        case TEXAS_HOUSING -> texas(line, all);
                        case METRO_INDEX -> metro(line, all);
                    }
                } catch (Fault fault) {
                    rejected.add(new Rejected(row, String.valueOf(fault.getMessage())));
                }
            }
        } catch (CharacterCodingException e) {
            throw new Unreadable("The file is not UTF-8.", e);
        } catch (CsvParseException | UncheckedIOException | IOException e) {
            throw new Unreadable("The file breaks off behind row " + row + ": " + e.getMessage(), e);
        }
        return new SeriesFile(series(format, all), row, List.copyOf(rejected));
    }

    private static String text(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(LARGEST + 1);
        if (bytes.length > LARGEST) {
            throw new Unreadable("The file is larger than " + (LARGEST >> 20) + " MiB.", null);
        }
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static List<ExternalSeries> series(
            SeriesFormat format, Map<Name, TreeMap<YearMonth, @Nullable BigDecimal>> all) {
        List<ExternalSeries> series = new ArrayList<>();
        all.forEach((name, values) -> {
            List<ExternalSeries.Month> months = new ArrayList<>();
            values.forEach((month, value) -> months.add(new ExternalSeries.Month(month, value)));
            series.add(new ExternalSeries(
                    format.text(),
                    name.area(),
                    name.region(),
                    name.measure().name(),
                    name.measure().unit(),
                    months));
        });
        return series;
    }

    private static void texas(NamedCsvRecord line, Map<Name, TreeMap<YearMonth, @Nullable BigDecimal>> all) {
        String city = field(line, "city");
        if (city.isEmpty()) {
            throw new Fault("names no city");
        }
        YearMonth month = month(field(line, "year"), field(line, "month"));
        Area area = city.endsWith(COUNTY)
                ? Area.county(city.substring(0, city.length() - COUNTY.length()), "TX")
                : Area.city(city, "TX");
        Map<Name, @Nullable BigDecimal> values = new LinkedHashMap<>();
        TEXAS.forEach((column, measure) ->
                values.put(new Name(area.text(), city, measure), number(column, field(line, column))));
        if (values.keySet().stream()
                .anyMatch(name -> all.getOrDefault(name, new TreeMap<>()).containsKey(month))) {
            throw new Fault("repeats " + city + " in " + month);
        }
        values.forEach((name, value) ->
                all.computeIfAbsent(name, unused -> new TreeMap<>()).put(month, value));
    }

    private static void metro(NamedCsvRecord line, Map<Name, TreeMap<YearMonth, @Nullable BigDecimal>> all) {
        String region = field(line, "RegionName");
        String state = field(line, "StateName");
        if (region.isEmpty() || state.isEmpty()) {
            throw new Fault("is of no state: " + region);
        }
        int comma = region.lastIndexOf(',');
        Name name = new Name(
                Area.city(comma < 0 ? region : region.substring(0, comma), state)
                        .text(),
                region,
                new Measure("MetroHomeValueIndex", "USD"));
        if (all.containsKey(name)) {
            throw new Fault("repeats " + region);
        }
        TreeMap<YearMonth, @Nullable BigDecimal> values = new TreeMap<>();
        for (String column : line.getHeader()) {
            YearMonth month = endOfMonth(column);
            if (month != null) {
                values.put(month, number(column, field(line, column)));
            }
        }
        if (values.isEmpty()) {
            throw new Unreadable("No column is a month, as in 2021-12-31.", null);
        }
        all.put(name, values);
    }

    private static String field(NamedCsvRecord line, String column) {
        return line.findField(column)
                .orElseThrow(() -> new Unreadable("The file has no column " + column + ".", null))
                .strip();
    }

    private static YearMonth month(String year, String month) {
        try {
            YearMonth read = YearMonth.of(Integer.parseInt(year), Integer.parseInt(month));
            if (read.getYear() >= 1800 && read.getYear() <= 2200) {
                return read;
            }
        } catch (NumberFormatException | DateTimeException e) {
            // said below
        }
        throw new Fault("is of no month: year \"" + year + "\", month \"" + month + "\"");
    }

    private static @Nullable YearMonth endOfMonth(String column) {
        try {
            return YearMonth.from(LocalDate.parse(column));
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static @Nullable BigDecimal number(String column, String text) {
        if (text.isEmpty() || text.equals("NA")) {
            return null;
        }
        try {
            BigDecimal number = new BigDecimal(text);
            if (number.signum() >= 0 && Math.abs(number.scale()) <= DIGITS && number.precision() <= DIGITS) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new Fault(
                column + " is \"" + (text.length() > 40 ? text.substring(0, 40) + "…" : text) + "\", no number");
    }
}
