package dev.gatehouse.bench.load;

import dev.gatehouse.listings.load.ImportRun;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/**
 * Lucas County's sales written again and again, so that a file has as many rows as are wanted. Each copy lies a kilometre east
 * of the one before, which makes homes of their own of its rows, until there are enough of those; then the copies repeat.
 */
final class LargeFile {
    private static final int EASTING = 24;
    private static final String EASTING_NAME = "x_lcc_m";
    private static final double STEP_METRES = 1_000;

    private LargeFile() {}

    /**
     * @param rows at least
     * @param distinct homes at least
     */
    static void write(Path file, long rows, long distinct) throws IOException {
        List<String> sales;
        String header;
        try (InputStream in = ImportRun.class.getResourceAsStream("data/lucas-county.csv.gz");
                BufferedReader lines = new BufferedReader(new InputStreamReader(
                        new GZIPInputStream(Objects.requireNonNull(in)), StandardCharsets.UTF_8))) {
            header = lines.readLine();
            if (!header.split(",", -1)[EASTING].equals(EASTING_NAME)) {
                throw new IOException("the bundled data has another " + EASTING_NAME);
            }
            sales = lines.lines().toList();
        }
        long copies = (distinct + sales.size() - 1) / sales.size();
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write(header + "\n");
            long written = 0;
            for (long copy = 0; written < rows; copy++) {
                double east = copy % copies * STEP_METRES;
                for (String sale : sales) {
                    String[] fields = sale.split(",", -1);
                    fields[EASTING] = Double.toString(Double.parseDouble(fields[EASTING]) + east);
                    out.write(String.join(",", fields));
                    out.write('\n');
                }
                written += sales.size();
            }
        }
    }
}
