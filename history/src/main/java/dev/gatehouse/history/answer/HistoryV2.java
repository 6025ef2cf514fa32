package dev.gatehouse.history.answer;

import dev.gatehouse.history.History;
import dev.gatehouse.history.HistoryEntry;
import dev.gatehouse.history.Kind;
import dev.gatehouse.history.TimelineQuery;
import dev.gatehouse.history.TimelineQuery.Order;
import dev.gatehouse.kernel.problem.FieldError;
import dev.gatehouse.kernel.problem.Problem;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.api.PageCursors;
import dev.gatehouse.runtime.http.Response;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Serves the timelines of {@code v2.yaml}. */
final class HistoryV2 {
    private final History history;
    private final History sandbox;
    private final PageCursors cursors;

    /** @param sandbox what test-mode keys see */
    HistoryV2(History history, History sandbox, PageCursors cursors) {
        this.history = history;
        this.sandbox = sandbox;
        this.cursors = cursors;
    }

    Response all(ApiCall call) {
        return timeline(call, null);
    }

    Response ofKind(ApiCall call) {
        return timeline(call, call.text("kind").flatMap(Kind::of).orElseThrow());
    }

    private Response timeline(ApiCall call, @Nullable Kind kind) {
        History source = Callers.isInSandbox(call) ? sandbox : history;
        LocalDate from = call.text("from").map(LocalDate::parse).orElse(null);
        LocalDate to = call.text("to").map(LocalDate::parse).orElse(null);
        if (from != null && to != null && from.isAfter(to)) {
            throw Problem.of(
                            ProblemCode.INVALID_PARAMETERS,
                            "from is after to, so no day lies between them.",
                            List.of(new FieldError("from", "must not be after to")))
                    .asException();
        }
        Order order = call.text("orderBy").orElse("").startsWith("-") ? Order.NEWEST_FIRST : Order.OLDEST_FIRST;
        int limit = call.integer("limit").orElseThrow();
        TimelineQuery query = new TimelineQuery(call.text("PropertyKey").orElseThrow(), kind, from, to, order);
        HistoryEntry.Position after = call.text("cursor")
                .map(cursor -> position(cursors.read(query.toString(), cursor)))
                .orElse(null);
        List<HistoryEntry> found = source.timeline(query, after, limit + 1);
        if (found.isEmpty() && !source.knows(query.propertyKey())) {
            throw new ProblemException(
                    ProblemCode.NOT_FOUND,
                    "There is no property with this key. Take a listing's PropertyKey, as /v2/listings gives it.");
        }
        boolean more = found.size() > limit;
        List<HistoryEntry> shown = more ? found.subList(0, limit) : found;
        EntryView view = EntryView.of(call.caller());
        Map<String, @Nullable Object> page = new LinkedHashMap<>();
        page.put(
                "next",
                more ? cursors.write(query.toString(), place(shown.getLast().position())) : null);
        page.put("limit", limit);
        if (call.isOn("includeTotal")) {
            page.put("total", source.count(query));
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("data", shown.stream().map(view::object).toList());
        answer.put("page", page);
        answer.put("meta", view.meta());
        return Callers.kept(Response.ok(answer));
    }

    private static List<String> place(HistoryEntry.Position position) {
        return List.of(
                position.happenedAt().toString(),
                Long.toString(position.sequence()),
                Integer.toString(position.part()));
    }

    private static HistoryEntry.Position position(List<String> place) {
        return new HistoryEntry.Position(
                Instant.parse(place.get(0)), Long.parseLong(place.get(1)), Integer.parseInt(place.get(2)));
    }
}
