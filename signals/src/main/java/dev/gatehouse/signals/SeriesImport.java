package dev.gatehouse.signals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.runtime.api.AddedOperations;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import dev.gatehouse.signals.external.ExternalSeries;
import dev.gatehouse.signals.external.SeriesAdministration;
import dev.gatehouse.signals.external.SeriesFile;
import dev.gatehouse.signals.external.SeriesFormat;
import dev.gatehouse.signals.store.PostgresExternalMarkets;
import dev.gatehouse.signals.store.SignalsStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;

/** Brings external market series from a file into an installation, through its admin API. */
public final class SeriesImport {
    private static final int BYTES = 700_000;
    private static final int SERIES = 100;

    private SeriesImport() {}

    /** Sends a change to the admin API. */
    @FunctionalInterface
    public interface Post {
        /**
         * @param path below {@code /admin/v1}
         * @return the answer to a change that was made
         */
        JsonNode change(String path, Object body);
    }

    /**
     * What became of a file. Months are {@code accepted} or {@code unchanged}; {@code blanks} of them have no value.
     *
     * @param rows read
     * @param rejected rows that were left out, each with its reason
     */
    public record Report(
            int rows, int series, long accepted, long unchanged, long blanks, List<SeriesFile.Rejected> rejected) {}

    /**
     * @throws SeriesFile.Unreadable when the file is none of this format; nothing is stored then
     */
    public static Report file(Path file, SeriesFormat format, Post admin) throws IOException {
        SeriesFile read;
        try (InputStream in = Files.newInputStream(file)) {
            read = SeriesFile.read(format, in);
        }
        long accepted = 0;
        long unchanged = 0;
        ArrayNode body = Json.MAPPER.createArrayNode();
        int bytes = 0;
        for (ExternalSeries one : read.series()) {
            ObjectNode json = json(one);
            int size = json.toString().length();
            if (!body.isEmpty() && (bytes + size > BYTES || body.size() == SERIES)) {
                JsonNode kept = send(admin, body);
                accepted += kept.path("accepted").asLong();
                unchanged += kept.path("unchanged").asLong();
                body = Json.MAPPER.createArrayNode();
                bytes = 0;
            }
            body.add(json);
            bytes += size;
        }
        if (!body.isEmpty()) {
            JsonNode kept = send(admin, body);
            accepted += kept.path("accepted").asLong();
            unchanged += kept.path("unchanged").asLong();
        }
        long blanks = read.series().stream()
                .flatMap(one -> one.values().stream())
                .filter(month -> month.value() == null)
                .count();
        return new Report(read.rows(), read.series().size(), accepted, unchanged, blanks, read.rejected());
    }

    private static JsonNode send(Post admin, ArrayNode series) {
        return admin.change("/market-series", Json.MAPPER.createObjectNode().set("series", series));
    }

    private static ObjectNode json(ExternalSeries one) {
        ObjectNode json = Json.MAPPER
                .createObjectNode()
                .put("source", one.source())
                .put("area", one.area())
                .put("region", one.region())
                .put("measure", one.measure())
                .put("unit", one.unit());
        ObjectNode values = json.putObject("values");
        one.values().forEach(month -> values.put(month.month().toString(), month.value()));
        return json;
    }

    /**
     * The far end, as a part of the admin API.
     *
     * @param database asked when the first series comes
     */
    public static AddedOperations administration(Supplier<DatabaseUrl> database) {
        return new SeriesAdministration(series -> {
                    try (Database opened = SignalsStore.database(database.get(), 1)) {
                        return new PostgresExternalMarkets(opened).keep(series);
                    } catch (SQLException e) {
                        throw new IllegalStateException("the signals' database cannot be opened", e);
                    }
                })
                .operations();
    }
}
