package dev.gatehouse.webhooks.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.api.ApiRouter.Handler;
import dev.gatehouse.runtime.api.EntityTag;
import dev.gatehouse.runtime.api.Precondition;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.webhooks.Endpoint;
import dev.gatehouse.webhooks.EndpointChange;
import dev.gatehouse.webhooks.EndpointWithSecret;
import dev.gatehouse.webhooks.EventFilter;
import dev.gatehouse.webhooks.EventType;
import dev.gatehouse.webhooks.NewEndpoint;
import dev.gatehouse.webhooks.ReceiverDoctor;
import dev.gatehouse.webhooks.Webhooks;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Endpoints: make, list, change, delete, rotate the secret, send a test. */
final class EndpointApi {
    private final Webhooks webhooks;
    private final ReceiverDoctor doctor;
    private final List<EventType> catalogue;

    EndpointApi(Webhooks webhooks, ReceiverDoctor doctor, List<EventType> catalogue) {
        this.webhooks = webhooks;
        this.doctor = doctor;
        this.catalogue = catalogue;
    }

    Map<String, Handler> handlers() {
        return Map.of(
                "listWebhookEndpoints", this::list,
                "createWebhookEndpoint", this::create,
                "getWebhookEndpoint", this::get,
                "changeWebhookEndpoint", this::change,
                "deleteWebhookEndpoint", this::delete,
                "rotateWebhookSecret", this::rotate,
                "sendTestEvent", this::test,
                "diagnoseWebhookEndpoint", this::diagnose,
                "listEventTypes", this::types);
    }

    private Response list(ApiCall call) {
        List<Shown.EndpointView> all = own(call).endpoints(tenant(call)).stream()
                .map(endpoint -> Shown.endpoint(endpoint, null))
                .toList();
        return Answers.page(all, null, Webhooks.MOST_ENDPOINTS);
    }

    private Response create(ApiCall call) {
        JsonNode body = call.json();
        EndpointWithSecret made = own(call)
                .create(
                        tenant(call),
                        new NewEndpoint(
                                body.path("url").asText(),
                                body.path("description").asText(""),
                                texts(body.path("eventTypes")),
                                body.has("filter") ? filter(body.path("filter")) : EventFilter.EVERYTHING,
                                body.hasNonNull("secret") ? body.path("secret").asText() : null,
                                Endpoint.Scheme.valueOf(
                                        body.path("signature").asText("v1").toUpperCase(Locale.ROOT)),
                                body.path("ordered").asBoolean()));
        return Answers.one(201, Shown.endpoint(made))
                .with("Location", "/v2/webhooks/endpoints/" + made.endpoint().id())
                .with(EntityTag.HEADER, EntityTag.of(made.endpoint().version()));
    }

    private Response get(ApiCall call) {
        return tagged(own(call).endpoint(tenant(call), id(call)));
    }

    private Response change(ApiCall call) {
        JsonNode body = call.json();
        EndpointChange change = new EndpointChange(
                text(body, "url"),
                text(body, "description"),
                body.has("eventTypes") ? texts(body.path("eventTypes")) : null,
                body.has("filter") ? filter(body.path("filter")) : null,
                body.has("status")
                        ? Endpoint.Status.valueOf(body.path("status").asText().toUpperCase(Locale.ROOT))
                        : null,
                body.has("ordered") ? body.path("ordered").asBoolean() : null);
        return tagged(own(call).change(tenant(call), id(call), change, Precondition.of(call)));
    }

    private Response delete(ApiCall call) {
        own(call).delete(tenant(call), id(call), Precondition.of(call));
        return Response.noContent();
    }

    private Response rotate(ApiCall call) {
        JsonNode body = call.json();
        Webhooks.Rotation rotation =
                body.path("revokeNow").asBoolean() ? Webhooks.Rotation.AT_ONCE : Webhooks.Rotation.OVERLAP;
        EndpointWithSecret rotated = own(call).rotate(tenant(call), id(call), rotation, Precondition.of(call));
        return Answers.one(200, Shown.endpoint(rotated))
                .with(EntityTag.HEADER, EntityTag.of(rotated.endpoint().version()));
    }

    private Response test(ApiCall call) {
        return Answers.one(
                202,
                Shown.delivery(own(call)
                        .sendTest(
                                tenant(call), id(call), call.json().path("type").asText())));
    }

    private Response diagnose(ApiCall call) {
        return Answers.one(200, Shown.diagnosis(doctor.diagnose(own(call).endpoint(tenant(call), id(call)))));
    }

    private Response types(ApiCall call) {
        tenant(call);
        return Answers.page(catalogue.stream().map(Shown::eventType).toList(), null, catalogue.size());
    }

    private static Response tagged(Endpoint endpoint) {
        return Answers.one(200, Shown.endpoint(endpoint, null))
                .with(EntityTag.HEADER, EntityTag.of(endpoint.version()));
    }

    /** What the caller's key may see and change: a test key nothing live, a live key nothing of the tests. */
    private Webhooks own(ApiCall call) {
        return webhooks.in(call.caller().mode());
    }

    static TenantId tenant(ApiCall call) {
        return call.caller().tenant();
    }

    static String id(ApiCall call) {
        return call.text("id").orElseThrow();
    }

    private static @Nullable String text(JsonNode body, String name) {
        return body.has(name) ? body.path(name).asText() : null;
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    private static EventFilter filter(JsonNode filter) {
        return Json.read(Json.bytes(filter), EventFilter.class);
    }
}
