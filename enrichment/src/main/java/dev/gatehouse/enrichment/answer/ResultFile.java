package dev.gatehouse.enrichment.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.writer.CsvWriter;
import dev.gatehouse.enrichment.batch.BatchRow;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** The ways in which a job's result is written, a line a row. */
enum ResultFile {
    /** Everything. */
    NDJSON("application/x-ndjson", "ndjson") {
        @Override
        void write(OutputStream out, Consumer<Consumer<BatchRow>> rows) {
            rows.accept(row -> {
                try {
                    out.write(Json.bytes(line(row)));
                    out.write('\n');
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    },
    /** The main columns. */
    CSV("text/csv; charset=utf-8", "csv") {
        @Override
        void write(OutputStream out, Consumer<Consumer<BatchRow>> rows) throws IOException {
            Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
            CsvWriter csv = CsvWriter.builder().build(text);
            csv.writeRecord(COLUMNS);
            rows.accept(row -> csv.writeRecord(columns(row)));
            csv.flush();
        }
    };

    private static final List<String> COLUMNS = List.of(
            "row",
            "id",
            "status",
            "PropertyKey",
            "UnparsedAddress",
            "UnitNumber",
            "City",
            "PostalCode",
            "LivingArea",
            "YearBuilt",
            "ClosePrice",
            "CloseDate",
            "value",
            "low",
            "high",
            "confidence",
            "asOf",
            "model",
            "error");
    private static final List<String> FORMULAS = List.of("=", "+", "-", "@", "\t", "\r");

    private final String mediaType;
    private final String ending;

    ResultFile(String mediaType, String ending) {
        this.mediaType = mediaType;
        this.ending = ending;
    }

    String mediaType() {
        return mediaType;
    }

    String ending() {
        return ending;
    }

    /** @param rows hands each row to whom it is given */
    abstract void write(OutputStream out, Consumer<Consumer<BatchRow>> rows) throws IOException;

    private static ObjectNode line(BatchRow row) {
        ObjectNode line = Json.MAPPER.createObjectNode();
        line.put("row", row.number());
        if (row.input().has("id")) {
            line.set("id", row.input().get("id"));
        }
        // a row that is still open when its job is over was cancelled
        line.put(
                "status",
                row.status() == BatchRow.Status.PENDING
                        ? "cancelled"
                        : row.status().name().toLowerCase(Locale.ROOT));
        JsonNode result = row.result();
        if (result != null) {
            result.properties().forEach(field -> line.set(field.getKey(), field.getValue()));
        }
        return line;
    }

    private static List<String> columns(BatchRow row) {
        ObjectNode line = line(row);
        JsonNode home = line.path("data");
        JsonNode value = home.path("valuation");
        List<String> columns = new ArrayList<>();
        for (String name : List.of("row", "id", "status")) {
            columns.add(cell(line.path(name)));
        }
        for (String name : COLUMNS.subList(3, 12)) {
            columns.add(cell(home.path(name)));
        }
        for (String name : COLUMNS.subList(12, 17)) {
            columns.add(cell(value.path(name)));
        }
        columns.add(cell(value.at("/model/version")));
        JsonNode error = line.path("error");
        columns.add(
                error.isMissingNode()
                        ? ""
                        : (error.path("field").asText() + " "
                                        + error.path("message").asText())
                                .strip());
        return columns;
    }

    /** What a spreadsheet would take for a formula is marked as text. */
    private static String cell(JsonNode value) {
        String text = value.isValueNode() && !value.isNull() ? value.asText() : "";
        return value.isTextual() && FORMULAS.stream().anyMatch(text::startsWith) ? "'" + text : text;
    }
}
