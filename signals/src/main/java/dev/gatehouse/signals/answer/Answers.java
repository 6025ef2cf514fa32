package dev.gatehouse.signals.answer;

import dev.gatehouse.runtime.http.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lists and single things as every answer of v2 wraps them. */
final class Answers {
    private Answers() {}

    static Response one(int status, Object thing, List<String> absent) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("data", thing);
        answer.put("meta", meta(absent));
        return Response.json(status, answer).with("Cache-Control", "private, no-cache");
    }

    static Response page(List<?> things, @Nullable String next, int limit, List<String> absent) {
        Map<String, @Nullable Object> page = new LinkedHashMap<>();
        page.put("next", next);
        page.put("limit", limit);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("data", things);
        answer.put("page", page);
        answer.put("meta", meta(absent));
        return Response.ok(answer).with("Cache-Control", "private, no-cache");
    }

    private static Map<String, Object> meta(List<String> absent) {
        return absent.isEmpty() ? Map.of() : Map.of("absentFields", absent);
    }
}
