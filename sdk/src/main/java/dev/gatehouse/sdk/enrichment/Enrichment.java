package dev.gatehouse.sdk.enrichment;

import dev.gatehouse.sdk.call.Call;
import dev.gatehouse.sdk.call.Caller;
import dev.gatehouse.sdk.call.Page;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** {@code /v2/enrichment}. */
public final class Enrichment {
    private static final String PATH = "/v2/enrichment";
    private static final String BATCH = PATH + "/batch";

    private final Caller caller;

    public Enrichment(Caller caller) {
        this.caller = caller;
    }

    /** @param address as people write it: a house number and a street, and what else is known */
    public Enriched byAddress(String address) {
        return ask(Call.get(PATH).with("address", address));
    }

    /** The home that stands there. @param latitude degrees, WGS 84 */
    public Enriched byPlace(double latitude, double longitude) {
        return ask(Call.get(PATH).with("lat", latitude).with("lon", longitude));
    }

    public Enriched byKey(String propertyKey) {
        return ask(Call.get(PATH).with("PropertyKey", propertyKey));
    }

    private Enriched ask(Call call) {
        return caller.whole(call, Enriched.Answer.class).read();
    }

    /** Asks for up to 10,000 homes at once; once, however often the request has to be sent. */
    public Batch begin(List<Asked> rows) {
        return caller.one(Call.postOnce(BATCH, Map.of("rows", rows)), Batch.class)
                .data();
    }

    /** @param idempotencyKey a name of your own for this request: a program that runs again begins no second job */
    public Batch begin(List<Asked> rows, String idempotencyKey) {
        return caller.one(Call.postOnce(BATCH, Map.of("rows", rows), idempotencyKey), Batch.class)
                .data();
    }

    /** Your jobs, the newest first. */
    public Stream<Batch> batches() {
        return Page.stream(
                cursor -> caller.page(Call.get(BATCH).with("limit", 100).with("cursor", cursor), Batch.class));
    }

    public Batch batch(String id) {
        return caller.one(Call.get(BATCH + "/" + Call.encoded(id)), Batch.class).data();
    }

    /** Begins no more rows; what is answered stays answered and paid for. */
    public Batch cancel(String id) {
        return caller.one(Call.delete(BATCH + "/" + Call.encoded(id)), Batch.class)
                .data();
    }

    /** The rows of a job that is over, in the order in which they were sent. */
    public Stream<BatchRow> result(String id) {
        return caller.lines(Call.get(BATCH + "/" + Call.encoded(id) + "/result"), BatchRow.class);
    }
}
