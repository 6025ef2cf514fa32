package dev.gatehouse.metering.account;

import dev.gatehouse.kernel.problem.FieldError;
import dev.gatehouse.kernel.problem.Problem;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.metering.LatencyQuery;
import dev.gatehouse.metering.LatencyQuery.Split;
import dev.gatehouse.metering.UsageQuery;
import dev.gatehouse.metering.UsageQuery.Bucket;
import dev.gatehouse.metering.UsageQuery.Dimension;
import dev.gatehouse.metering.UsageReader;
import dev.gatehouse.metering.UsageSum;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.api.ApiRouter;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.http.Router;
import dev.gatehouse.runtime.redis.Redis;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Serves {@code usage.yaml}. */
public final class UsageApi {
    private static final int BUCKETS_BY_DEFAULT = 24;
    private static final Duration LONGEST_LATENCY = Duration.ofDays(31);

    private final UsageReader usage;
    private final TodayUsage today;
    private final LiveUsage live;
    private final InstantSource clock;

    /** @param redis holds the gateways' counters of the day */
    public UsageApi(UsageReader usage, Redis redis, InstantSource clock) {
        this.usage = usage;
        this.today = new TodayUsage(usage, redis, clock);
        this.live = new LiveUsage(usage, today, clock);
        this.clock = clock;
    }

    public static ApiDescription description() {
        return ApiDescription.resource(UsageApi.class, "usage.yaml");
    }

    public void mount(Router router) {
        ApiRouter.mount(
                router,
                description(),
                Map.of(
                        "getUsage", this::usage,
                        "getUsageToday", this::today,
                        "getLatency", this::latency,
                        "streamUsage", live::stream,
                        "listCalls", this::calls));
    }

    private Response usage(ApiCall call) {
        UsageQuery query = query(call);
        List<UsageSum> sums = usage.sums(query);
        boolean csv = call.request().header("accept").orElse("").contains("text/csv");
        if (csv) {
            return Response.bytes(200, "text/csv; charset=utf-8", UsageCsv.bytes(sums))
                    .with("Content-Disposition", "attachment; filename=\"usage.csv\"");
        }
        Map<String, Object> meta = meta();
        if (query.to().isAfter(Bucket.DAY.slot(clock.instant()))) {
            TodayUsage.Today now = today.of(query.tenant());
            meta.put("underWay", now.calls() - now.ledgeredCalls());
        }
        meta.put("bucket", query.bucket().name().toLowerCase(Locale.ROOT));
        meta.put("from", query.bucket().slot(query.from()));
        meta.put("to", query.to());
        return Response.ok(Map.of("data", sums, "meta", meta));
    }

    private Response today(ApiCall call) {
        return Response.ok(Map.of("data", today.of(call.caller().tenant()), "meta", meta()));
    }

    private Response latency(ApiCall call) {
        Instant to = call.text("to").map(UsageApi::instant).orElseGet(clock::instant);
        Instant from = call.text("from").map(UsageApi::instant).orElseGet(() -> to.minus(Duration.ofDays(1)));
        Bucket bucket = call.text("bucket").map(UsageApi::bucket).orElse(null);
        Duration longest = bucket == Bucket.MINUTE ? bucket.longest() : LONGEST_LATENCY;
        if (!from.isBefore(to) || from.plus(longest).isBefore(to)) {
            throw invalid("from", "must lie before to, and at most " + longest.toDays() + " days before it");
        }
        Split split = call.list("groupBy").contains("operation") ? Split.OPERATION : Split.NONE;
        LatencyQuery query = new LatencyQuery(call.caller().tenant(), from, to, bucket, split);
        List<LatencyView> views =
                usage.latency(query).stream().map(LatencyView::of).toList();
        Map<String, Object> meta = meta();
        meta.put("from", query.slot(from));
        meta.put("to", to);
        return Response.ok(Map.of("data", views, "meta", meta));
    }

    private static Bucket bucket(String name) {
        return Bucket.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private UsageQuery query(ApiCall call) {
        Bucket bucket = bucket(call.text("bucket").orElse("hour"));
        Instant to = call.text("to").map(UsageApi::instant).orElseGet(clock::instant);
        Instant from = call.text("from")
                .map(UsageApi::instant)
                .orElseGet(() -> to.minus(bucket.length().multipliedBy(BUCKETS_BY_DEFAULT)));
        if (!from.isBefore(to)) {
            throw invalid("from", "must lie before to");
        }
        if (from.plus(bucket.longest()).isBefore(to)) {
            throw invalid(
                    "from",
                    "a bucket of a " + bucket.name().toLowerCase(Locale.ROOT) + " allows at most "
                            + bucket.longest().toDays() + " days before to");
        }
        Set<Dimension> groupedBy = call.list("groupBy").stream()
                .map(name -> Dimension.valueOf(name.toUpperCase(Locale.ROOT)))
                .collect(Collectors.toSet());
        return new UsageQuery(call.caller().tenant(), from, to, bucket, groupedBy);
    }

    private Response calls(ApiCall call) {
        int limit = call.integer("limit").orElse(50);
        List<CallView> calls = usage.lastCalls(call.caller().tenant(), limit).stream()
                .map(CallView::of)
                .toList();
        return Response.ok(Map.of("data", calls, "meta", meta()));
    }

    private Map<String, Object> meta() {
        Map<String, Object> meta = new LinkedHashMap<>();
        usage.completeUntil()
                .ifPresentOrElse(at -> meta.put("completeUntil", at), () -> meta.put("completeUntil", null));
        return meta;
    }

    private static Instant instant(String text) {
        return OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MICROS);
    }

    private static RuntimeException invalid(String field, String message) {
        return Problem.of(
                        ProblemCode.INVALID_PARAMETERS,
                        "The parameters do not fit together. Nothing was counted. See errors.",
                        List.of(new FieldError(field, message)))
                .asException();
    }
}
