package dev.gatehouse.events.changes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.events.EventStore;
import dev.gatehouse.kernel.event.DomainEvent;
import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.api.ApiRouter;
import dev.gatehouse.runtime.feed.FeedPage;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.http.Router;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code GET /v2/events}: what happened, in the order of the one sequence, for the tenant that asks. */
public final class ChangeFeed {
    private static final int STREAM_PAGE = 500;
    private static final Duration LONGEST_STREAM = Duration.ofMinutes(15);
    private static final Duration HEARTBEAT = Duration.ofSeconds(10);

    private final EventStore store;
    private final News news;
    private final SandboxFeed sandbox = new SandboxFeed();

    public ChangeFeed(EventStore store, News news) {
        this.store = store;
        this.news = news;
    }

    public static ApiDescription description() {
        return ApiDescription.resource(ChangeFeed.class, "/dev/gatehouse/events/openapi.yaml");
    }

    public void mount(Router router) {
        ApiRouter.mount(router, description(), Map.of("listEvents", this::list));
    }

    /** An event as it is shown; {@code data} is the object itself. */
    record Shown(
            long sequence, String id, String type, String service, String subject, Instant occurredAt, JsonNode data) {
        static Shown of(DomainEvent event) {
            return new Shown(
                    event.sequence(),
                    event.id(),
                    event.type(),
                    event.service(),
                    event.subject(),
                    event.occurredAt(),
                    Json.tree(event.data()));
        }
    }

    private Response list(ApiCall call) throws InterruptedException {
        Reader reader = reader(call.caller(), Set.copyOf(call.list("types")));
        long after = start(call);
        if (call.request().header("accept").orElse("").contains("text/event-stream")) {
            return Response.stream(200, "text/event-stream", out -> stream(out, reader, after))
                    .with("Cache-Control", "no-store");
        }
        int limit = call.integer("limit").orElseThrow();
        FeedPage page = await(
                reader, after, limit, Duration.ofSeconds(call.integer("wait").orElse(0)));
        return Response.ok(page(page, after, limit)).with("Cache-Control", "no-store");
    }

    private static long start(ApiCall call) {
        String resumed = call.request().header("last-event-id").orElse("");
        if (!resumed.isEmpty()) {
            try {
                return Math.max(0, Long.parseLong(resumed));
            } catch (NumberFormatException e) {
                throw new ProblemException(
                        ProblemCode.INVALID_PARAMETERS,
                        "Last-Event-ID must be a sequence that this feed sent as an event's id.");
            }
        }
        return call.number("after").orElse(0L);
    }

    /** What one caller reads. */
    private interface Reader {
        FeedPage after(long sequence, int limit);

        /** Up to where there can be nothing new that the caller waits for. */
        default long quietUntil(long after, FeedPage page) {
            return Math.max(after, page.last());
        }
    }

    private Reader reader(CallerIdentity caller, Set<String> types) {
        if (caller.mode() == KeyMode.LIVE) {
            return (sequence, limit) -> store.visible(caller.tenant(), sequence, types, limit);
        }
        return new Reader() {
            @Override
            public FeedPage after(long sequence, int limit) {
                return sandbox.after(sequence, types, limit);
            }

            @Override
            public long quietUntil(long after, FeedPage page) {
                return Long.MAX_VALUE;
            }
        };
    }

    private FeedPage await(Reader reader, long after, int limit, Duration most) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        FeedPage page = reader.after(after, limit);
        while (page.events().isEmpty() && System.nanoTime() < end && !news.isClosed()) {
            news.await(reader.quietUntil(after, page), Duration.ofNanos(Math.max(0, end - System.nanoTime())));
            page = reader.after(after, limit);
        }
        return page;
    }

    private static Map<String, Object> page(FeedPage page, long after, int limit) {
        List<Shown> data = page.events().stream().map(Shown::of).toList();
        return Map.of(
                "data", data,
                "page", Map.of("next", next(page, after, limit), "limit", limit),
                "meta", Map.of("last", page.last()));
    }

    /** Where to go on: past everything looked at, so that events of others and of other types are not read again. */
    private static long next(FeedPage page, long after, int limit) {
        return page.events().size() < limit
                ? Math.max(after, page.last())
                : page.events().getLast().sequence();
    }

    private void stream(OutputStream out, Reader reader, long from) throws IOException, InterruptedException {
        long end = System.nanoTime() + LONGEST_STREAM.toNanos();
        long after = from;
        out.write("retry: 1000\n\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
        while (System.nanoTime() < end && !news.isClosed()) {
            FeedPage page = await(reader, after, STREAM_PAGE, HEARTBEAT);
            for (DomainEvent event : page.events()) {
                out.write(("id: " + event.sequence() + "\nevent: " + event.type() + "\ndata: "
                                + Json.text(Shown.of(event)) + "\n\n")
                        .getBytes(StandardCharsets.UTF_8));
            }
            if (page.events().isEmpty()) {
                out.write(": still here\n\n".getBytes(StandardCharsets.UTF_8));
            }
            out.flush();
            after = next(page, after, STREAM_PAGE);
        }
    }
}
