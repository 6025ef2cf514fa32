package dev.gatehouse.history.answer;

import dev.gatehouse.history.History;
import dev.gatehouse.history.HistoryEntry;
import dev.gatehouse.history.Kind;
import dev.gatehouse.history.TimelineQuery;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.http.Response;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Serves {@code v1.yaml}: the older shape, translated here and nowhere else. */
final class HistoryV1 {
    private final History history;
    private final History sandbox;

    /** @param sandbox what test-mode keys see */
    HistoryV1(History history, History sandbox) {
        this.history = history;
        this.sandbox = sandbox;
    }

    Response list(ApiCall call) {
        History source = Callers.isInSandbox(call) ? sandbox : history;
        String property = source.propertyOf(call.text("id").orElseThrow())
                .orElseThrow(() -> new ProblemException(
                        ProblemCode.NOT_FOUND, "There is no listing with this id. Take one from /v1/listings."));
        Kind kind = call.text("type").map(HistoryV1::kind).orElse(null);
        int page = call.integer("page").orElseThrow();
        int perPage = call.integer("per_page").orElseThrow();
        TimelineQuery query = new TimelineQuery(property, kind, null, null, TimelineQuery.Order.NEWEST_FIRST);
        long total = source.count(query);
        EntryView view = EntryView.of(call.caller());
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put(
                "results",
                source.page(query, perPage, (page - 1L) * perPage).stream()
                        .map(entry -> object(entry, view))
                        .toList());
        answer.put("total", total);
        answer.put("page", page);
        answer.put("pages", (total + perPage - 1) / perPage);
        return Callers.kept(Response.ok(answer));
    }

    private static Map<String, @Nullable Object> object(HistoryEntry entry, EntryView view) {
        boolean shown = entry.kind() != Kind.TAX || view.showsAssessments();
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("id", entry.listingKey());
        object.put(
                "date", LocalDate.ofInstant(entry.happenedAt(), ZoneOffset.UTC).toString());
        object.put("type", type(entry.kind()));
        object.put("event", entry.changeType());
        object.put("old", shown && view.showsPrevious() ? entry.previousValue() : null);
        object.put("new", shown ? entry.newValue() : null);
        return object;
    }

    private static String type(Kind kind) {
        return switch (kind) {
            case LISTING -> "status";
            case PRICE -> "price";
            case SALES -> "sale";
            case TAX -> "tax";
            case PROPERTY -> "other";
        };
    }

    private static Kind kind(String type) {
        return switch (type) {
            case "status" -> Kind.LISTING;
            case "price" -> Kind.PRICE;
            case "sale" -> Kind.SALES;
            case "tax" -> Kind.TAX;
            default -> Kind.PROPERTY;
        };
    }
}
