package dev.gatehouse.runtime.feed;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.event.OutboxBatch;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.runtime.http.HttpCaller;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** The feed in another process of the installation. */
public final class HttpFeed implements Feed {
    /** Where the feed is served; each call carries the process token. */
    public static final String PATH = "/internal/events";

    /** Where it is asked which sequence a service's position ended with. */
    public static final String PLACE_PATH = PATH + "/place";

    private final Supplier<URI> base;
    private final HttpCaller caller;
    private final Map<String, String> headers;

    /** @param base of the process that serves the feed; asked at each call, as it may move */
    public HttpFeed(Supplier<URI> base, InternalSecrets secrets, HttpCaller caller) {
        this.base = base;
        this.caller = caller;
        this.headers =
                Map.of(InternalSecrets.PROCESS_HEADER, secrets.processToken(), "Content-Type", "application/json");
    }

    @Override
    public long take(List<OutboxBatch> batches) throws IOException {
        byte[] answer = checked("POST", PATH, Json.bytes(batches));
        return read(answer, JsonNode.class).path("position").asLong(-1);
    }

    @Override
    public FeedPage after(long sequence, int limit) throws IOException {
        return read(checked("GET", PATH + "?after=" + sequence + "&limit=" + limit, new byte[0]), FeedPage.class);
    }

    @Override
    public OptionalLong sequenceAt(String service, long position) throws IOException {
        JsonNode sequence = read(
                        checked("GET", PLACE_PATH + "?service=" + service + "&position=" + position, new byte[0]),
                        JsonNode.class)
                .path("sequence");
        return sequence.isNumber() ? OptionalLong.of(sequence.asLong()) : OptionalLong.empty();
    }

    private byte[] checked(String method, String path, byte[] body) throws IOException {
        HttpCaller.Answer answer = caller.send(method, base.get().resolve(path), headers, body);
        if (answer.status() != 200) {
            String said = new String(answer.body(), StandardCharsets.UTF_8);
            throw new IOException("the feed answered " + method + " " + path + " with " + answer.status() + ": "
                    + said.substring(0, Math.min(said.length(), 300)));
        }
        return answer.body();
    }

    private static <T> T read(byte[] answer, Class<T> type) throws IOException {
        try {
            return Json.read(answer, type);
        } catch (UncheckedIOException e) {
            throw new IOException("the feed's answer cannot be read", e);
        }
    }
}
