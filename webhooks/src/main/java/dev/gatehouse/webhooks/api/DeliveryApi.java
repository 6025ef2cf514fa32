package dev.gatehouse.webhooks.api;

import static dev.gatehouse.webhooks.api.EndpointApi.id;
import static dev.gatehouse.webhooks.api.EndpointApi.tenant;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.api.ApiRouter.Handler;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.webhooks.Delivery;
import dev.gatehouse.webhooks.DeliveryQuery;
import dev.gatehouse.webhooks.Replay;
import dev.gatehouse.webhooks.Webhooks;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The delivery log, and making deliveries again. */
final class DeliveryApi {
    private final Webhooks webhooks;

    DeliveryApi(Webhooks webhooks) {
        this.webhooks = webhooks;
    }

    Map<String, Handler> handlers() {
        return Map.of(
                "listDeliveries", this::list,
                "getDelivery", this::get,
                "replayDelivery", this::replayOne,
                "getBacklog", this::backlog,
                "replayDeliveries", this::replay,
                "cancelReplays", this::cancel);
    }

    private Response list(ApiCall call) {
        String cursor = call.text("cursor").orElse(null);
        if (cursor != null && !PrefixedId.isWellFormed("dlv", cursor)) {
            throw new ProblemException(
                    ProblemCode.INVALID_CURSOR, "Use page.next of the answer before, or leave the cursor out.");
        }
        int limit = call.integer("limit").orElseThrow();
        List<Delivery> found = own(call)
                .deliveries(
                        tenant(call),
                        new DeliveryQuery(
                                call.text("endpoint").orElse(null),
                                call.text("status").map(DeliveryApi::status).orElse(null),
                                call.text("type").orElse(null),
                                call.text("since").map(DeliveryApi::instant).orElse(null),
                                call.text("until").map(DeliveryApi::instant).orElse(null),
                                cursor,
                                limit));
        String next = found.size() < limit ? null : found.getLast().id();
        return Answers.page(found.stream().map(Shown::delivery).toList(), next, limit);
    }

    private Response get(ApiCall call) {
        TenantId tenant = tenant(call);
        Webhooks own = own(call);
        Delivery delivery = own.delivery(tenant, id(call));
        return Answers.one(
                200, Shown.delivery(delivery, own.payload(tenant, delivery.id()), own.attempts(tenant, delivery.id())));
    }

    private Response replayOne(ApiCall call) {
        return Answers.one(202, Shown.delivery(own(call).replay(tenant(call), id(call))));
    }

    private Response backlog(ApiCall call) {
        return Answers.one(200, Shown.backlog(own(call).backlog(tenant(call), id(call))));
    }

    private Response replay(ApiCall call) {
        JsonNode body = call.json();
        Set<Delivery.Status> statuses = EnumSet.noneOf(Delivery.Status.class);
        body.path("statuses").forEach(status -> statuses.add(status(status.asText())));
        if (statuses.isEmpty()) {
            statuses.add(Delivery.Status.DEAD);
        }
        Replay replay = new Replay(
                statuses,
                body.has("type") ? body.path("type").asText() : null,
                instant(body.path("since").asText()),
                instant(body.path("until").asText()),
                body.path("perSecond").asInt(50));
        Replay.Preview preview = own(call).preview(tenant(call), id(call), replay);
        if (!body.path("preview").asBoolean()) {
            own(call).replay(tenant(call), id(call), replay);
        }
        return Answers.one(body.path("preview").asBoolean() ? 200 : 202, preview);
    }

    private Response cancel(ApiCall call) {
        return Answers.one(200, Map.of("cancelled", own(call).cancelReplays(tenant(call), id(call))));
    }

    private Webhooks own(ApiCall call) {
        return webhooks.in(call.caller().mode());
    }

    private static Delivery.Status status(String text) {
        return Delivery.Status.valueOf(text.toUpperCase(Locale.ROOT));
    }

    private static Instant instant(String text) {
        return OffsetDateTime.parse(text).toInstant();
    }
}
