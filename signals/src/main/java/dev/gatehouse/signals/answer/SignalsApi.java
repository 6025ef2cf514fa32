package dev.gatehouse.signals.answer;

import dev.gatehouse.kernel.area.Area;
import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.kernel.signal.Severity;
import dev.gatehouse.kernel.signal.SignalType;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.api.PageCursors;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.signals.Signal;
import dev.gatehouse.signals.SignalQuery;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers {@code listSignals}. */
final class SignalsApi {
    private final ReadSide readSide;
    private final PageCursors cursors;

    SignalsApi(ReadSide readSide, PageCursors cursors) {
        this.readSide = readSide;
        this.cursors = cursors;
    }

    Response list(ApiCall call) {
        CallerIdentity caller = call.caller();
        SignalQuery query = query(call);
        String asked = caller.mode().text() + " " + query;
        int limit = call.integer("limit").orElseThrow();
        SignalQuery.Position after =
                call.text("cursor").map(cursor -> position(asked, cursor)).orElse(null);
        List<Signal> found = readSide.signals(caller).page(query, after, limit + 1);
        boolean more = found.size() > limit;
        List<Signal> page = more ? found.subList(0, limit) : found;
        String next = more ? next(asked, page.getLast()) : null;
        return Answers.page(
                page.stream().map(signal -> SignalField.object(signal, caller)).toList(),
                next,
                limit,
                SignalField.absent(caller));
    }

    private static SignalQuery query(ApiCall call) {
        return new SignalQuery(
                call.list("type").stream()
                        .map(SignalType::of)
                        .flatMap(Optional::stream)
                        .distinct()
                        .sorted()
                        .toList(),
                call.text("area").map(SignalsApi::area).orElse(null),
                call.text("property").orElse(null),
                call.text("since").map(SignalsApi::instant).orElse(null),
                call.text("severity").flatMap(Severity::of).orElse(null));
    }

    static Area area(String text) {
        return Area.parse(text).orElseThrow(() -> Faults.parameter("area", "is \"" + text + "\": " + Faults.AREA_FORM));
    }

    private static Instant instant(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw Faults.parameter("since", "must be an instant as RFC 3339 writes it, as in 2026-01-31T12:00:00Z");
        }
    }

    private SignalQuery.@Nullable Position position(String asked, String cursor) {
        List<String> place = cursors.read(asked, cursor);
        return new SignalQuery.Position(Instant.parse(place.getFirst()), place.getLast());
    }

    private String next(String asked, Signal last) {
        return cursors.write(asked, List.of(last.raisedAt().toString(), last.id()));
    }
}
