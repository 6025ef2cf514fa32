package dev.gatehouse.enrichment.answer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.enrichment.batch.BatchJob;
import dev.gatehouse.enrichment.batch.BatchStore;
import dev.gatehouse.enrichment.batch.RowSource;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.api.ApiRouter;
import dev.gatehouse.runtime.api.IdempotencyKey;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.json.Json;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The part of {@code v2.yaml} about jobs. */
public final class BatchApi {
    private static final String PREFIX = "job";

    private final BatchStore store;
    private final Consumer<BatchJob> offer;
    private final InstantSource clock;

    /** @param offer tells a worker of a new job */
    public BatchApi(BatchStore store, Consumer<BatchJob> offer, InstantSource clock) {
        this.store = store;
        this.offer = offer;
        this.clock = clock;
    }

    Map<String, ApiRouter.Handler> handlers() {
        return Map.of(
                "createEnrichmentBatch", this::create,
                "listEnrichmentBatches", this::list,
                "getEnrichmentBatch", this::one,
                "cancelEnrichmentBatch", this::cancel,
                "getEnrichmentBatchResult", this::result);
    }

    private Response create(ApiCall call) {
        CallerIdentity caller = call.caller();
        JsonNode body = call.body();
        List<JsonNode> rows = body != null
                ? RowSource.json(body)
                : RowSource.csv(call.request().bytes());
        BatchJob job = new BatchJob(
                PrefixedId.next(PREFIX, clock),
                caller.tenant(),
                caller.key(),
                caller.mode(),
                caller.plan(),
                caller.fields(),
                caller.requestId(),
                BatchJob.Status.QUEUED,
                rows.size(),
                0,
                0,
                0,
                clock.instant(),
                null);
        String asked = Json.text(rows);
        return switch (store.create(job, rows, IdempotencyKey.of(call, asked).orElse(null))) {
            case BatchStore.Created.New(BatchJob made) -> {
                offer.accept(made);
                yield taken(made);
            }
            case BatchStore.Created.Again(BatchJob made) ->
                EnrichmentV2.costing(taken(made).with(IdempotencyKey.REPLAYED, "true"), 0);
            case BatchStore.Created.OtherRequest() ->
                throw new ProblemException(
                        ProblemCode.IDEMPOTENCY_MISMATCH,
                        "This Idempotency-Key was used within 24 hours for other rows. Send a new key for a new request.");
            case BatchStore.Created.TooMany() ->
                throw new ProblemException(
                        ProblemCode.REFUSED,
                        BatchStore.MOST_OPEN
                                + " of your jobs are not over, which is the most. Wait for one, or cancel one.");
        };
    }

    private static Response taken(BatchJob job) {
        return Response.json(202, wrapped(job)).with("Location", path(job));
    }

    private Response list(ApiCall call) {
        int limit = call.integer("limit").orElse(20);
        String cursor = call.text("cursor").orElse("");
        if (!cursor.isEmpty() && !PrefixedId.isWellFormed(PREFIX, cursor)) {
            throw new ProblemException(
                    ProblemCode.INVALID_CURSOR,
                    "The cursor is not one of this list: take page.next of its last answer.");
        }
        List<BatchJob> found = store.list(owner(call), cursor, limit + 1);
        List<BatchJob> shown = found.subList(0, Math.min(limit, found.size()));
        Map<String, @Nullable Object> page = new LinkedHashMap<>();
        page.put("next", found.size() > limit ? shown.getLast().id() : null);
        page.put("limit", limit);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("data", shown.stream().map(BatchApi::object).toList());
        answer.put("page", page);
        answer.put("meta", Map.of());
        return Response.ok(answer);
    }

    private Response one(ApiCall call) {
        return Response.ok(wrapped(job(call)));
    }

    private Response cancel(ApiCall call) {
        BatchJob job = store.cancel(owner(call), call.text("job").orElseThrow()).orElseThrow(BatchApi::unknown);
        return Response.ok(wrapped(job));
    }

    private Response result(ApiCall call) {
        BatchJob job = job(call);
        if (!job.status().isOver()) {
            throw new ProblemException(
                    ProblemCode.CONFLICT,
                    "The job is not over: " + job.done() + " of " + job.rows()
                            + " rows are answered. Ask again later.");
        }
        boolean csv = call.text("format").orElse("ndjson").equals("csv");
        ResultFile file = csv ? ResultFile.CSV : ResultFile.NDJSON;
        return Response.stream(
                        200, file.mediaType(), out -> file.write(out, each -> store.rows(job.tenant(), job.id(), each)))
                .with("Content-Disposition", "attachment; filename=\"" + job.id() + "." + file.ending() + "\"");
    }

    private static BatchStore.Owner owner(ApiCall call) {
        return new BatchStore.Owner(call.caller().tenant(), call.caller().mode());
    }

    private BatchJob job(ApiCall call) {
        return store.find(owner(call), call.text("job").orElseThrow()).orElseThrow(BatchApi::unknown);
    }

    private static ProblemException unknown() {
        return new ProblemException(ProblemCode.NOT_FOUND, "You have no job with this id. See /v2/enrichment/batch.");
    }

    private static String path(BatchJob job) {
        return "/v2/enrichment/batch/" + job.id();
    }

    private static Map<String, Object> wrapped(BatchJob job) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("data", object(job));
        answer.put("meta", Map.of());
        return answer;
    }

    private static Map<String, @Nullable Object> object(BatchJob job) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("id", job.id());
        object.put("status", job.status().name().toLowerCase(Locale.ROOT));
        object.put("rows", job.rows());
        object.put("done", job.done());
        object.put("failed", job.failed());
        object.put("units", job.units());
        object.put("createdAt", job.createdAt());
        object.put("finishedAt", job.finishedAt());
        object.put(
                "expiresAt", job.finishedAt() == null ? null : job.finishedAt().plus(BatchStore.KEPT));
        object.put("result", job.status().isOver() ? path(job) + "/result" : null);
        return object;
    }
}
