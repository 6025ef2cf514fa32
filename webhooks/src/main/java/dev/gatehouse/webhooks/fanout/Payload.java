package dev.gatehouse.webhooks.fanout;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.runtime.json.Json;
import java.nio.charset.StandardCharsets;

/** What is sent for an event. Deliveries come in no order: {@code sequence} says which of two events came first. */
public final class Payload {
    /** A payload that would be larger is sent as a pointer to the event. */
    public static final int MOST_BYTES = 256 * 1024;

    private static final String EVENT_ID = "evt_";

    private Payload() {}

    /** {@code webhook-id} of an event: the same for every endpoint, attempt and replay. */
    public static String messageId(DomainEvent event) {
        String id = event.id();
        return "msg_" + (id.startsWith(EVENT_ID) ? id.substring(EVENT_ID.length()) : id);
    }

    public static String of(DomainEvent event) {
        // as it was written: a number that is read and written again may come out as 1.476E+5
        String head = Json.text(envelope(event));
        String whole = head.substring(0, head.length() - 1) + ",\"data\":" + event.data() + "}";
        if (whole.getBytes(StandardCharsets.UTF_8).length <= MOST_BYTES) {
            return whole;
        }
        ObjectNode pointer = Json.MAPPER.createObjectNode();
        pointer.put("truncated", true);
        pointer.put("resource", "/v2/events?after=" + (event.sequence() - 1) + "&limit=1");
        return Json.text(envelope(event).set("data", pointer));
    }

    private static ObjectNode envelope(DomainEvent event) {
        ObjectNode node = Json.MAPPER.createObjectNode();
        node.put("type", event.type());
        node.put("timestamp", event.occurredAt().toString());
        node.put("sequence", event.sequence());
        node.put("eventId", event.id());
        node.put("subject", event.subject());
        return node;
    }
}
