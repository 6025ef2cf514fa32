package dev.gatehouse.listings.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.listings.Listing;
import dev.gatehouse.listings.StandardStatus;
import dev.gatehouse.listings.cache.AnswerCache;
import dev.gatehouse.listings.search.ListingQuery;
import dev.gatehouse.listings.search.QueryReader;
import dev.gatehouse.listings.store.PostgresListings;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.api.ApiRouter;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.http.Router;
import dev.gatehouse.runtime.json.Json;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Serves {@code v1.yaml}: the older shape, translated here and nowhere else. */
public final class ListingsV1 {
    private static final Map<String, String> NAMES = Map.of(
            "zip", "postalCode",
            "city", "city",
            "min_price", "minPrice",
            "max_price", "maxPrice",
            "beds", "minBeds",
            "baths", "minBaths");

    private final PostgresListings listings;
    private final AnswerCache cache;

    public ListingsV1(PostgresListings listings, AnswerCache cache) {
        this.listings = listings;
        this.cache = cache;
    }

    public static ApiDescription description() {
        return ApiDescription.resource(ListingsV1.class, "v1.yaml");
    }

    public void mount(Router router) {
        ApiRouter.mount(router, description(), Map.of("searchListingsV1", this::search, "getListingV1", this::one));
    }

    private Response search(ApiCall call) {
        Map<String, JsonNode> given = new HashMap<>();
        NAMES.forEach((old, now) -> {
            JsonNode value = call.parameters().get(old);
            if (value != null) {
                given.put(now, value);
            }
        });
        call.text("status").ifPresent(status -> given.put("status", statuses(status)));
        ListingQuery query = QueryReader.read(given::get);
        int page = call.integer("page").orElse(1);
        int perPage = call.integer("per_page").orElse(25);
        byte[] body = cache.get(
                call.caller().tenant(),
                "v1 " + query + page + "/" + perPage,
                () -> Json.bytes(page(query, page, perPage)));
        return Tagged.answer(call.request(), "application/json", body);
    }

    private Map<String, Object> page(ListingQuery query, int page, int perPage) {
        long total = listings.count(query);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put(
                "results",
                listings.page(query, perPage, (page - 1L) * perPage).stream()
                        .map(ListingsV1::object)
                        .toList());
        answer.put("total", total);
        answer.put("page", page);
        answer.put("pages", (total + perPage - 1) / perPage);
        return answer;
    }

    private Response one(ApiCall call) {
        String id = call.text("id").orElseThrow();
        byte[] body = cache.get(
                call.caller().tenant(),
                "v1 one " + id,
                () -> Json.bytes(object(listings.find(id)
                        .orElseThrow(() ->
                                new ProblemException(ProblemCode.NOT_FOUND, "There is no listing with this id.")))));
        return Tagged.answer(call.request(), "application/json", body);
    }

    private static Map<String, @Nullable Object> object(Listing listing) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("id", listing.listingKey());
        object.put("address", listing.place().address());
        object.put("zip", listing.place().postalCode());
        object.put("price", listing.terms().price());
        object.put("beds", listing.facts().bedrooms());
        object.put("baths", listing.facts().bathrooms());
        object.put("sqft", listing.facts().livingArea());
        object.put("status", status(listing.terms().status()));
        return object;
    }

    private static JsonNode statuses(String old) {
        ArrayNode statuses = JsonNodeFactory.instance.arrayNode();
        Arrays.stream(StandardStatus.values())
                .filter(status -> status(status).equals(old))
                .forEach(status -> statuses.add(status.text()));
        return statuses;
    }

    private static String status(StandardStatus status) {
        return switch (status) {
            case ACTIVE -> "active";
            case ACTIVE_UNDER_CONTRACT -> "under_contract";
            case PENDING -> "pending";
            case CLOSED -> "sold";
            case COMING_SOON -> "coming_soon";
            case CANCELED, DELETE, EXPIRED, HOLD, INCOMPLETE, WITHDRAWN -> "off_market";
        };
    }
}
