package dev.gatehouse.sdk.alert;

import dev.gatehouse.sdk.call.Call;
import dev.gatehouse.sdk.call.Caller;
import dev.gatehouse.sdk.call.Page;
import java.util.Map;
import java.util.stream.Stream;

/** {@code /v2/alerts}. */
public final class Alerts {
    private static final String PATH = "/v2/alerts";

    private final Caller caller;

    public Alerts(Caller caller) {
        this.caller = caller;
    }

    /** Saves an alert, once however often the request has to be sent. */
    public Alert create(String name, AlertFilter filter) {
        return caller.one(Call.postOnce(PATH, Map.of("name", name, "filter", filter)), Alert.class)
                .data();
    }

    /** @param idempotencyKey a name of your own for this request: a program that runs again saves nothing twice */
    public Alert create(String name, AlertFilter filter, String idempotencyKey) {
        return caller.one(Call.postOnce(PATH, Map.of("name", name, "filter", filter), idempotencyKey), Alert.class)
                .data();
    }

    /** All alerts, the oldest first. */
    public Stream<Alert> list() {
        return Page.stream(
                cursor -> caller.page(Call.get(PATH).with("limit", 100).with("cursor", cursor), Alert.class));
    }

    public Alert get(String id) {
        return caller.one(Call.get(PATH + "/" + Call.encoded(id)), Alert.class).data();
    }

    public void delete(String id) {
        caller.done(Call.delete(PATH + "/" + Call.encoded(id)));
    }
}
