package dev.gatehouse.enrichment.answer;

import dev.gatehouse.enrichment.Asked;
import dev.gatehouse.enrichment.Enriched;
import dev.gatehouse.enrichment.Home;
import dev.gatehouse.enrichment.Homes;
import dev.gatehouse.enrichment.address.Choice;
import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.api.ApiRouter;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.http.Router;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Serves {@code v1.yaml}: the older shape, translated here and nowhere else. */
public final class EnrichmentV1 {
    private final EnrichmentV2.HomesByMode homes;

    public EnrichmentV1(EnrichmentV2.HomesByMode homes) {
        this.homes = homes;
    }

    public static ApiDescription description() {
        return ApiDescription.resource(EnrichmentV1.class, "v1.yaml");
    }

    public void mount(Router router) {
        ApiRouter.mount(router, description(), Map.of("enrichV1", this::enrich));
    }

    private Response enrich(ApiCall call) {
        Asked asked = EnrichmentV2.asked(AskedReader.Names.V1, call);
        CallerIdentity caller = call.caller();
        Shown shown = new Shown(caller.fields());
        Homes known = homes.of(caller.mode());
        return switch (known.find(asked)) {
            case Choice.None<Home>() -> EnrichmentV2.notFound(call);
            case Choice.Several<Home>(List<Choice.Candidate<Home>> candidates) ->
                EnrichmentV2.costing(
                        Response.ok(Map.of(
                                "status",
                                "ambiguous",
                                "candidates",
                                candidates.stream().map(EnrichmentV1::candidate).toList())),
                        Prices.AMBIGUOUS);
            case Choice.One<Home>(Choice.Candidate<Home>(Home home, double score)) -> {
                Enriched enriched = known.enrich(home, shown.hasValuation() ? Homes.Depth.VALUED : Homes.Depth.FACTS);
                yield EnrichmentV2.costing(Response.ok(found(enriched)), Prices.found(enriched));
            }
        };
    }

    private static Map<String, @Nullable Object> candidate(Choice.Candidate<Home> candidate) {
        Map<String, @Nullable Object> shown = place(candidate.value());
        shown.put("score", Shown.rounded(candidate.score(), 2));
        return shown;
    }

    private static Map<String, @Nullable Object> place(Home home) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("id", home.propertyKey());
        shown.put("address", home.place().address());
        shown.put("zip", home.place().postalCode());
        return shown;
    }

    private static Map<String, @Nullable Object> found(Enriched enriched) {
        Home home = enriched.home();
        Home.LastSale sale = home.lastSale();
        Enriched.Valued valued = enriched.valued();
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("status", "ok");
        shown.putAll(place(home));
        shown.put("beds", home.structure().bedrooms());
        shown.put("baths", home.structure().bathrooms());
        shown.put("sqft", home.structure().livingArea());
        shown.put("lot", home.structure().lotSize());
        shown.put("year_built", home.structure().yearBuilt());
        shown.put("last_price", sale == null ? null : sale.price());
        shown.put("last_sale", sale == null ? null : sale.date());
        shown.put(
                "estimate",
                valued == null ? null : Math.round(valued.valuation().value()));
        shown.put(
                "estimate_low",
                valued == null ? null : Math.round(valued.valuation().low()));
        shown.put(
                "estimate_high",
                valued == null ? null : Math.round(valued.valuation().high()));
        shown.put("estimate_as_of", valued == null ? null : valued.valuation().asOf());
        shown.put("model", valued == null ? null : valued.model().version());
        return shown;
    }
}
