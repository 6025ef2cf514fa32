package dev.gatehouse.enrichment.answer;

import dev.gatehouse.enrichment.Asked;
import dev.gatehouse.enrichment.Enriched;
import dev.gatehouse.enrichment.Home;
import dev.gatehouse.enrichment.Homes;
import dev.gatehouse.enrichment.address.Choice;
import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.kernel.identity.InternalHeaders;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.problem.Problem;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.api.ApiRouter;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.http.Router;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Serves {@code v2.yaml}. */
public final class EnrichmentV2 {
    private final HomesByMode homes;
    private final BatchApi batch;

    public EnrichmentV2(HomesByMode homes, BatchApi batch) {
        this.homes = homes;
        this.batch = batch;
    }

    /** The real homes, and those that test keys see. */
    public record HomesByMode(Homes live, Homes sandbox) {
        public Homes of(KeyMode mode) {
            return mode == KeyMode.TEST ? sandbox : live;
        }
    }

    public static ApiDescription description() {
        return ApiDescription.resource(EnrichmentV2.class, "v2.yaml");
    }

    public void mount(Router router) {
        Map<String, ApiRouter.Handler> handlers = new HashMap<>(batch.handlers());
        handlers.put("getEnrichment", this::enrich);
        ApiRouter.mount(router, description(), handlers);
    }

    private Response enrich(ApiCall call) {
        Asked asked = asked(AskedReader.Names.V2, call);
        CallerIdentity caller = call.caller();
        Shown shown = new Shown(caller.fields());
        Homes known = homes.of(caller.mode());
        return switch (known.find(asked)) {
            case Choice.None<Home>() -> notFound(call);
            case Choice.Several<Home>(List<Choice.Candidate<Home>> candidates) -> {
                Map<String, @Nullable Object> answer = new LinkedHashMap<>();
                answer.put("data", null);
                answer.put("candidates", Shown.candidates(candidates));
                answer.put("meta", meta(caller, asked, "ambiguous", null, List.of(), null));
                yield costing(Response.ok(answer), Prices.AMBIGUOUS);
            }
            case Choice.One<Home>(Choice.Candidate<Home>(Home home, double score)) -> {
                Enriched enriched = known.enrich(home, shown.hasValuation() ? Homes.Depth.VALUED : Homes.Depth.FACTS);
                Map<String, @Nullable Object> answer = new LinkedHashMap<>();
                answer.put("data", shown.data(enriched));
                answer.put("meta", meta(caller, asked, "found", score, shown.absent(), enriched.unvalued()));
                yield costing(Response.ok(answer), Prices.found(enriched));
            }
        };
    }

    private static Map<String, @Nullable Object> meta(
            CallerIdentity caller,
            Asked asked,
            String status,
            @Nullable Double score,
            List<String> absent,
            @Nullable String unvalued) {
        Map<String, @Nullable Object> match = new LinkedHashMap<>();
        match.put("by", asked.text());
        match.put("status", status);
        if (score != null) {
            match.put("score", Shown.rounded(score, 2));
        }
        if (asked instanceof Asked.ByAddress(var address)) {
            match.put("normalised", address);
        }
        Map<String, @Nullable Object> meta = new LinkedHashMap<>();
        meta.put("match", match);
        if (!absent.isEmpty()) {
            meta.put("absentFields", absent);
        }
        if (unvalued != null) {
            meta.put("unvalued", unvalued);
        }
        if (caller.mode() == KeyMode.TEST) {
            meta.put("sandbox", true);
        }
        return meta;
    }

    /** @throws dev.gatehouse.kernel.problem.ProblemException 400 when it is not exactly one, or not well-formed */
    static Asked asked(AskedReader.Names names, ApiCall call) {
        return switch (AskedReader.read(
                names,
                call.text(names.address()),
                call.decimal(names.latitude()),
                call.decimal(names.longitude()),
                call.text(names.key()))) {
            case AskedReader.Reading.Read(Asked read) -> read;
            case AskedReader.Reading.Faulty(var faults) ->
                throw Problem.of(
                                ProblemCode.INVALID_PARAMETERS,
                                "It is not clear which home is meant. See errors.",
                                faults)
                        .asException();
        };
    }

    static Response notFound(ApiCall call) {
        return costing(
                Response.problem(
                        Problem.of(ProblemCode.NOT_FOUND, "No home like it is known here. This call costs nothing.")
                                .withRequestId(call.request().id())),
                Prices.NOT_FOUND);
    }

    static Response costing(Response response, int units) {
        return response.with(InternalHeaders.COST, Integer.toString(units));
    }
}
