package dev.gatehouse.webhooks.api;

import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.api.ApiRouter;
import dev.gatehouse.runtime.http.Router;
import dev.gatehouse.webhooks.EventType;
import dev.gatehouse.webhooks.ReceiverDoctor;
import dev.gatehouse.webhooks.Webhooks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code /v2/webhooks}. */
public final class WebhookApi {
    private WebhookApi() {}

    public static ApiDescription description() {
        return ApiDescription.resource(WebhookApi.class, "/dev/gatehouse/webhooks/openapi.yaml");
    }

    public static void mount(Router router, Webhooks webhooks, ReceiverDoctor doctor, List<EventType> catalogue) {
        Map<String, ApiRouter.Handler> handlers =
                new HashMap<>(new EndpointApi(webhooks, doctor, catalogue).handlers());
        handlers.putAll(new DeliveryApi(webhooks).handlers());
        ApiRouter.mount(router, description(), handlers);
    }
}
