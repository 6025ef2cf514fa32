package dev.gatehouse.webhooks.api;

import dev.gatehouse.runtime.http.Response;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lists and single things as every answer of v2 wraps them. */
final class Answers {
    private Answers() {}

    static Response one(int status, Object thing) {
        return Response.json(status, Map.of("data", thing, "meta", Map.of())).with("Cache-Control", "no-store");
    }

    static Response page(List<?> things, @Nullable String next, int limit) {
        Map<String, Object> page = new HashMap<>();
        page.put("next", next);
        page.put("limit", limit);
        return Response.ok(Map.of("data", things, "page", page, "meta", Map.of()))
                .with("Cache-Control", "no-store");
    }
}
