package dev.gatehouse.directory.store;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.runtime.json.Json;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/** The plans as the directory last saw them. */
public final class PlanRows {
    private final Handle handle;

    PlanRows(Handle handle) {
        this.handle = handle;
    }

    /** Content by slug. */
    public Map<String, JsonNode> seen() {
        Map<String, JsonNode> plans = new TreeMap<>();
        handle.createQuery("SELECT slug, content FROM plan_seen")
                .map((row, context) -> Map.entry(row.getString("slug"), Json.tree(row.getString("content"))))
                .forEach(plan -> plans.put(plan.getKey(), plan.getValue()));
        return plans;
    }

    /** Replaces what was seen. */
    public void put(Map<String, JsonNode> plans) {
        handle.execute("DELETE FROM plan_seen");
        plans.forEach((slug, content) -> handle.createUpdate(
                        "INSERT INTO plan_seen (slug, content) VALUES (:slug, :content::jsonb)")
                .bind("slug", slug)
                .bind("content", Json.text(content))
                .execute());
    }
}
