package dev.gatehouse.enrichment.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.gatehouse.kernel.problem.FieldError;
import dev.gatehouse.kernel.problem.Problem;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the rows of a body. What is wrong with one row is that row's fault and stays with it. */
public final class RowSource {
    private static final Set<String> COLUMNS = Set.of("id", "address", "lat", "lon", "PropertyKey");
    private static final int LONGEST_ROW = 4_000;
    private static final String UNREADABLE = "unreadable";

    private RowSource() {}

    /** @param body valid by its description */
    public static List<JsonNode> json(JsonNode body) {
        List<JsonNode> rows = new ArrayList<>();
        body.path("rows").forEach(row -> rows.add(shortened(row)));
        return counted(rows);
    }

    /** @throws ProblemException 400 when the head names no column that is known, or the body is no UTF-8 */
    public static List<JsonNode> csv(byte[] body) {
        List<JsonNode> rows = new ArrayList<>();
        try (CsvReader<CsvRecord> reader = CsvReader.builder()
                .allowExtraFields(true)
                .allowMissingFields(true)
                .ofCsvRecord(text(body))) {
            List<String> head = null;
            for (CsvRecord line : reader) {
                if (head == null) {
                    head = head(line);
                } else if (rows.size() > BatchJob.MOST_ROWS) {
                    break;
                } else {
                    rows.add(shortened(row(head, line)));
                }
            }
        } catch (CsvParseException | UncheckedIOException e) {
            throw refuse("cannot be read as CSV behind row " + rows.size() + ": " + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return counted(rows);
    }

    private static String text(byte[] body) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw refuse("is not UTF-8");
        }
    }

    private static List<String> head(CsvRecord line) {
        List<String> head = line.getFields().stream().map(String::strip).toList();
        if (head.stream().noneMatch(column -> COLUMNS.contains(column) && !column.equals("id"))) {
            throw refuse(
                    "must begin with a line that names its columns: address, or lat and lon, or PropertyKey; and id");
        }
        return head;
    }

    private static JsonNode row(List<String> head, CsvRecord line) {
        ObjectNode row = Json.MAPPER.createObjectNode();
        for (int i = 0; i < line.getFieldCount(); i++) {
            String value = line.getField(i).strip();
            if (i >= head.size()) {
                row.put("column " + (i + 1), value);
            } else if (!value.isEmpty()) {
                row.put(head.get(i), value);
            }
        }
        return row;
    }

    /** Why a row that {@link #json} or {@link #csv} gave could not be taken in; empty for one that was. */
    public static Optional<String> unreadable(JsonNode row) {
        return row.path(UNREADABLE).isTextual()
                ? Optional.of(row.path(UNREADABLE).asText())
                : Optional.empty();
    }

    private static JsonNode shortened(JsonNode row) {
        String text = row.toString();
        if (text.length() <= LONGEST_ROW && !text.contains("\\u0000") && !row.has(UNREADABLE)) {
            return row;
        }
        return Json.MAPPER
                .createObjectNode()
                .put(
                        UNREADABLE,
                        "is longer than " + LONGEST_ROW + " characters, or holds NUL or a field \"unreadable\"");
    }

    private static List<JsonNode> counted(List<JsonNode> rows) {
        if (rows.isEmpty()) {
            throw refuse("has no rows");
        }
        if (rows.size() > BatchJob.MOST_ROWS) {
            throw refuse("has more than " + BatchJob.MOST_ROWS + " rows: split it");
        }
        return rows;
    }

    private static ProblemException refuse(String message) {
        return Problem.of(
                        ProblemCode.INVALID_BODY, "The body " + message + ".", List.of(new FieldError("body", message)))
                .asException();
    }
}
