package dev.gatehouse.signals.answer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.area.Area;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.kernel.problem.FieldError;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.kernel.signal.AlertFilter;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.api.IdempotencyKey;
import dev.gatehouse.runtime.api.PageCursors;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.signals.alert.Alert;
import dev.gatehouse.signals.alert.Alerts;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers the operations of {@code /v2/alerts}. */
final class AlertsApi {
    private final Alerts alerts;
    private final PageCursors cursors;
    private final InstantSource clock;

    AlertsApi(Alerts alerts, PageCursors cursors, InstantSource clock) {
        this.alerts = alerts;
        this.cursors = cursors;
        this.clock = clock;
    }

    Response create(ApiCall call) {
        JsonNode body = call.json();
        Alert wanted = new Alert(
                PrefixedId.next("alr", clock),
                body.path("name").asText(),
                filter(body.path("filter")),
                clock.instant().truncatedTo(ChronoUnit.MICROS));
        Alerts.Saved saved = alerts.save(
                owner(call.caller()),
                wanted,
                IdempotencyKey.of(call, wanted.name() + '\0' + Json.text(wanted.filter()))
                        .orElse(null));
        return switch (saved) {
            case Alerts.Saved.New(Alert alert) -> created(alert);
            case Alerts.Saved.Again(Alert alert) -> created(alert).with(IdempotencyKey.REPLAYED, "true");
            case Alerts.Saved.OtherRequest() ->
                throw new ProblemException(
                        ProblemCode.IDEMPOTENCY_MISMATCH,
                        "This Idempotency-Key was used within 24 hours for another alert. Send a new key for a new"
                                + " request.");
            case Alerts.Saved.TooMany() ->
                throw new ProblemException(
                        ProblemCode.REFUSED,
                        "There are " + Alerts.MOST
                                + " alerts already, which is the most. Delete one that is not used.");
        };
    }

    private static Response created(Alert alert) {
        return Answers.one(201, shown(alert), List.of()).with("Location", "/v2/alerts/" + alert.id());
    }

    Response list(ApiCall call) {
        Alerts.Owner owner = owner(call.caller());
        int limit = call.integer("limit").orElseThrow();
        String asked = "alerts " + owner;
        String after = call.text("cursor")
                .map(cursor -> cursors.read(asked, cursor).getFirst())
                .orElse(null);
        List<Alert> found = alerts.page(owner, after, limit + 1);
        boolean more = found.size() > limit;
        List<Alert> page = more ? found.subList(0, limit) : found;
        return Answers.page(
                page.stream().map(AlertsApi::shown).toList(),
                more ? cursors.write(asked, List.of(page.getLast().id())) : null,
                limit,
                List.of());
    }

    Response get(ApiCall call) {
        Alert alert = alerts.find(owner(call.caller()), id(call)).orElseThrow(Faults::noAlert);
        return Answers.one(200, shown(alert), List.of());
    }

    Response delete(ApiCall call) {
        if (!alerts.delete(owner(call.caller()), id(call))) {
            throw Faults.noAlert();
        }
        return Response.noContent();
    }

    private static Alerts.Owner owner(CallerIdentity caller) {
        return new Alerts.Owner(caller.tenant(), caller.mode());
    }

    private static String id(ApiCall call) {
        return call.text("id").orElseThrow();
    }

    private static AlertFilter filter(JsonNode given) {
        List<FieldError> faults = new ArrayList<>();
        List<String> areas = new ArrayList<>();
        for (JsonNode area : given.path("areas")) {
            Area.parse(area.asText())
                    .ifPresentOrElse(
                            read -> areas.add(read.text()),
                            () -> faults.add(new FieldError(
                                    "filter.areas", "has \"" + area.asText() + "\": each " + Faults.AREA_FORM)));
        }
        BigDecimal least = price(given, "minPrice");
        BigDecimal most = price(given, "maxPrice");
        if (least != null && most != null && least.compareTo(most) > 0) {
            faults.add(new FieldError("filter.minPrice", "must be at most maxPrice"));
        }
        if (!faults.isEmpty()) {
            throw Faults.body(faults);
        }
        return new AlertFilter(
                texts(given.path("types")),
                areas.stream().distinct().toList(),
                texts(given.path("propertyKeys")),
                texts(given.path("propertyTypes")),
                given.hasNonNull("severity") ? given.path("severity").asText() : null,
                least,
                most);
    }

    private static @Nullable BigDecimal price(JsonNode given, String name) {
        return given.hasNonNull(name) ? given.path(name).decimalValue() : null;
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asText()));
        return texts.stream().distinct().toList();
    }

    private static Map<String, Object> shown(Alert alert) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", alert.id());
        shown.put("name", alert.name());
        shown.put("filter", alert.filter());
        shown.put("createdAt", alert.createdAt());
        return shown;
    }
}
