package dev.gatehouse.metering.account;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.metering.UsageQuery;
import dev.gatehouse.metering.UsageQuery.Bucket;
import dev.gatehouse.metering.UsageReader;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.json.Json;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * The usage of the current minute, once a second, as server-sent events.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent events</a>
 */
final class LiveUsage {
    private static final Duration PACE = Duration.ofSeconds(1);
    private static final int EVENTS = 600;
    private static final int MAX_STREAMS = 200;

    private final UsageReader usage;
    private final TodayUsage today;
    private final InstantSource clock;
    private final Semaphore streams = new Semaphore(MAX_STREAMS);

    LiveUsage(UsageReader usage, TodayUsage today, InstantSource clock) {
        this.usage = usage;
        this.today = today;
        this.clock = clock;
    }

    Response stream(ApiCall call) {
        TenantId tenant = call.caller().tenant();
        return Response.stream(200, "text/event-stream", out -> {
                    if (!streams.tryAcquire()) {
                        throw new ProblemException(
                                ProblemCode.UNAVAILABLE, "Too many live streams are open. Try again in a minute.");
                    }
                    try {
                        write(tenant, out);
                    } finally {
                        streams.release();
                    }
                })
                .with("Cache-Control", "no-store");
    }

    private void write(TenantId tenant, OutputStream out) throws java.io.IOException {
        for (int sent = 0; sent < EVENTS; sent++) {
            out.write(("event: usage\ndata: " + Json.text(now(tenant)) + "\n\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
            try {
                Thread.sleep(PACE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("the server stops");
            }
        }
    }

    private Map<String, Object> now(TenantId tenant) {
        Instant now = clock.instant();
        Map<String, Object> event = new LinkedHashMap<>();
        TodayUsage.Today day = today.of(tenant);
        event.put("at", now);
        event.put("today", Map.of("calls", day.calls(), "units", day.units()));
        event.put(
                "minutes",
                usage.sums(new UsageQuery(tenant, now.minusSeconds(60), now.plusSeconds(60), Bucket.MINUTE, Set.of())));
        return event;
    }
}
