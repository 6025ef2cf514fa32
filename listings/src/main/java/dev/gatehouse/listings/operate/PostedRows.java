package dev.gatehouse.listings.operate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.listings.load.Incoming;
import dev.gatehouse.listings.load.ListingSink;
import dev.gatehouse.runtime.json.Json;
import java.util.ArrayList;
import java.util.List;

/** The near end of an import through the admin API: hands rows over in bodies of a bounded size. */
public final class PostedRows implements ListingSink {
    private static final int ROWS = 1_000;
    private static final int BYTES = 700_000;

    /** Sends a change to the admin API. */
    @FunctionalInterface
    public interface Post {
        /**
         * @param path below {@code /admin/v1}
         * @return the answer to a change that was made
         */
        JsonNode change(String path, Object body);
    }

    private final Post post;

    public PostedRows(Post post) {
        this.post = post;
    }

    @Override
    public Taken take(String run, List<Incoming> batch) {
        Taken all = new Taken(0, 0, 0, List.of());
        ArrayNode rows = Json.MAPPER.createArrayNode();
        int bytes = 0;
        for (Incoming incoming : batch) {
            byte[] row = Json.bytes(ImportedRow.of(incoming));
            if (rows.size() == ROWS || bytes + row.length > BYTES && !rows.isEmpty()) {
                all = sum(all, send(run, rows));
                rows = Json.MAPPER.createArrayNode();
                bytes = 0;
            }
            rows.add(withoutNulls(Json.read(row, ObjectNode.class)));
            bytes += row.length;
        }
        return rows.isEmpty() ? all : sum(all, send(run, rows));
    }

    private static ObjectNode withoutNulls(ObjectNode row) {
        row.properties().removeIf(field -> field.getValue().isNull());
        return row;
    }

    private Taken send(String run, ArrayNode rows) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.set("rows", rows);
        return Json.MAPPER.convertValue(post.change("/imports/" + run + "/rows", body), Taken.class);
    }

    private static Taken sum(Taken one, Taken other) {
        List<Long> repeated = new ArrayList<>(one.repeated());
        repeated.addAll(other.repeated());
        return new Taken(
                one.accepted() + other.accepted(),
                one.unchanged() + other.unchanged(),
                one.duplicates() + other.duplicates(),
                repeated);
    }

    @Override
    public void finish(String run) {
        post.change("/imports/" + run + "/completion", Json.MAPPER.createObjectNode());
    }
}
