package dev.gatehouse.events.intake;

import dev.gatehouse.events.EventStore;
import dev.gatehouse.events.EventStore.Taken;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.event.OutboxBatch;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.runtime.feed.EventRules;
import dev.gatehouse.runtime.feed.Feed;
import dev.gatehouse.runtime.http.Request;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.json.Json;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Takes what services hand over and tells of news once they are committed. */
public final class Intake {
    private final EventStore store;
    private final LongConsumer news;

    /** @param news told the feed's new last sequence after each commit */
    public Intake(EventStore store, LongConsumer news) {
        this.store = store;
        this.news = news;
    }

    /** {@code POST}: batches of one service, in order. */
    public Response take(Request request) {
        List<OutboxBatch> batches = read(request.bytes());
        if (batches.isEmpty()) {
            throw refused("There is no batch.");
        }
        String service = batches.getFirst().service();
        return switch (store.take(service, batches)) {
            case Taken.UpTo(long position, long last) -> {
                if (last > 0) {
                    news.accept(last);
                }
                yield Response.ok(Map.of("position", position));
            }
            case Taken.Foreign(long position) ->
                throw new ProblemException(
                        ProblemCode.CONFLICT,
                        "The feed holds other events of " + service + " at position " + position
                                + ": its outbox was begun anew. Give the service another name, or its old positions back.");
        };
    }

    /** {@code GET ?after=&limit=}: what follows a sequence. */
    public Response after(Request request) {
        long after = number(request, "after", 0, Long.MAX_VALUE);
        int limit = (int) number(request, "limit", 1, Feed.MAX_EVENTS);
        return Response.ok(store.after(after, limit));
    }

    /** {@code GET ?service=&position=}: which sequence a service's position ended with; null when it was not taken yet. */
    public Response place(Request request) {
        String service = request.parameter("service").orElse("");
        OptionalLong sequence = store.sequenceAt(service, number(request, "position", 0, Long.MAX_VALUE));
        Map<String, @Nullable Object> answer = new HashMap<>();
        answer.put("sequence", sequence.isPresent() ? sequence.getAsLong() : null);
        return Response.ok(answer);
    }

    private static List<OutboxBatch> read(byte[] body) {
        List<OutboxBatch> batches;
        try {
            batches = List.of(Json.read(body, OutboxBatch[].class));
        } catch (UncheckedIOException | NullPointerException e) {
            throw refused("The body is no list of outbox batches.");
        }
        if (batches.size() > Feed.MAX_BATCHES) {
            throw refused("At most " + Feed.MAX_BATCHES + " batches at once.");
        }
        long position = batches.isEmpty() ? 0 : batches.getFirst().position();
        for (OutboxBatch batch : batches) {
            if (!batch.service().equals(batches.getFirst().service()) || batch.position() != position++) {
                throw refused("Batches must be of one service and follow one another.");
            }
            if (batch.events().size() > OutboxBatch.MAX_EVENTS) {
                throw refused("Batch " + batch.position() + " of " + batch.service() + " has too many events.");
            }
            for (DomainEvent event : batch.events()) {
                EventRules.fault(event).ifPresent(fault -> {
                    throw refused("Batch " + batch.position() + " of " + batch.service()
                            + " has an event that has no place in the feed: " + fault + ".");
                });
            }
        }
        return batches;
    }

    private static long number(Request request, String name, long least, long most) {
        try {
            long value = Long.parseLong(request.parameter(name).orElse(""));
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below, as for one that is out of bounds
        }
        throw new ProblemException(
                ProblemCode.INVALID_PARAMETERS, name + " must be a whole number from " + least + " to " + most + ".");
    }

    private static ProblemException refused(String detail) {
        return new ProblemException(ProblemCode.INVALID_BODY, detail);
    }
}
