package dev.gatehouse.runtime.feed;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.event.OutboxBatch;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.runtime.aside.Shelf;
import dev.gatehouse.runtime.http.HttpCaller;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.json.JsonPieces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The feed in another process of the installation. */
public final class HttpFeed implements Feed {
    /** Where the feed is served; each call carries the process token. */
    public static final String PATH = "/internal/events";

    /** Where it is asked which sequence a service's position ended with. */
    public static final String PLACE_PATH = PATH + "/place";

    private final Supplier<URI> base;
    private final HttpCaller caller;
    private final Consumer<Shelf> shelves;
    private final Map<String, String> headers;

    /** As {@link #HttpFeed(Supplier, InternalSecrets, HttpCaller, Consumer)}, for consumers whose shelves nobody lists. */
    public HttpFeed(Supplier<URI> base, InternalSecrets secrets, HttpCaller caller) {
        this(base, secrets, caller, shelf -> {});
    }

    /**
     * @param base of the process that serves the feed; asked at each call, as it may move
     * @param shelves told the shelves of this process's consumers
     */
    public HttpFeed(Supplier<URI> base, InternalSecrets secrets, HttpCaller caller, Consumer<Shelf> shelves) {
        this.shelves = shelves;
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
        byte[] answer = checked("GET", PATH + "?after=" + sequence + "&limit=" + limit, new byte[0]);
        try {
            return Json.read(answer, FeedPage.class);
        } catch (UncheckedIOException e) {
            return inPieces(answer, sequence);
        }
    }

    /** A page on which some event cannot be read: each by itself. */
    private static FeedPage inPieces(byte[] answer, long after) throws IOException {
        Map<String, byte[]> parts = JsonPieces.ofObject(answer);
        List<DomainEvent> events = new ArrayList<>();
        List<UnreadableEvent> unreadable = new ArrayList<>();
        long sequence = after;
        for (byte[] piece : JsonPieces.ofList(parts.getOrDefault("events", new byte[0]))) {
            sequence++;
            try {
                DomainEvent event = Json.read(piece, DomainEvent.class);
                events.add(event.at(sequence));
            } catch (UncheckedIOException | NullPointerException e) {
                Throwable cause = e.getCause() == null ? e : e.getCause();
                unreadable.add(new UnreadableEvent(sequence, "it cannot be read: " + firstLine(cause), piece.length));
            }
        }
        return new FeedPage(events, read(parts.getOrDefault("last", new byte[0]), Long.class), unreadable);
    }

    private static String firstLine(Throwable cause) {
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }

    @Override
    public void shelf(Shelf shelf) {
        shelves.accept(shelf);
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
