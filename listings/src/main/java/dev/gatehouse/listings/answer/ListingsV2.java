package dev.gatehouse.listings.answer;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.problem.ProblemException;
import dev.gatehouse.listings.Listing;
import dev.gatehouse.listings.cache.AnswerCache;
import dev.gatehouse.listings.search.FoundPage;
import dev.gatehouse.listings.search.ListingQuery;
import dev.gatehouse.listings.search.Position;
import dev.gatehouse.listings.search.QueryReader;
import dev.gatehouse.listings.store.PostgresSearch;
import dev.gatehouse.runtime.api.ApiCall;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.api.ApiRouter;
import dev.gatehouse.runtime.api.PageCursors;
import dev.gatehouse.runtime.http.Response;
import dev.gatehouse.runtime.http.Router;
import dev.gatehouse.runtime.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Serves {@code v2.yaml}. */
public final class ListingsV2 {
    private static final String GEO_JSON = "application/geo+json";
    private static final String JSON = "application/json";
    private static final int USUAL_LIMIT = 50;

    private final SearchByMode searches;
    private final AnswerCache cache;
    private final PageCursors cursors;

    public ListingsV2(SearchByMode searches, AnswerCache cache, PageCursors cursors) {
        this.searches = searches;
        this.cache = cache;
        this.cursors = cursors;
    }

    public static ApiDescription description() {
        return ApiDescription.resource(ListingsV2.class, "v2.yaml");
    }

    public void mount(Router router) {
        ApiRouter.mount(
                router,
                description(),
                Map.of(
                        "searchListings", call -> search(call, call.parameters()::get),
                        "searchListingsByBody", call -> search(call, given(call.json())),
                        "getListing", this::one));
    }

    private static Function<String, @Nullable JsonNode> given(JsonNode body) {
        return name -> {
            JsonNode value = body.get(name);
            return value == null || value.isNull() ? null : value;
        };
    }

    private record Asked(
            KeyMode mode,
            ListingQuery query,
            @Nullable Position after,
            int limit,
            boolean total,
            boolean geo,
            ListingField.View view) {
        /** What a cursor belongs to. */
        static String scope(KeyMode mode, ListingQuery query) {
            return mode + " " + query;
        }
    }

    private Response search(ApiCall call, Function<String, @Nullable JsonNode> given) {
        ListingQuery query = QueryReader.read(given);
        JsonNode cursor = given.apply("cursor");
        JsonNode limit = given.apply("limit");
        JsonNode total = given.apply("includeTotal");
        List<String> select = new ArrayList<>();
        JsonNode selected = given.apply("select");
        if (selected != null) {
            selected.forEach(item -> select.add(item.asText()));
        }
        boolean geo = Arrays.stream(call.request().header("accept").orElse("").split(","))
                .anyMatch(type -> type.split(";", 2)[0].strip().equalsIgnoreCase(GEO_JSON));
        KeyMode mode = call.caller().mode();
        Asked asked = new Asked(
                mode,
                query,
                cursor == null ? null : position(cursors.read(Asked.scope(mode, query), cursor.asText())),
                limit == null ? USUAL_LIMIT : limit.asInt(),
                total != null && total.asBoolean(),
                geo,
                ListingField.View.of(call.caller(), select));
        byte[] body = cache.get(call.caller().tenant(), "v2 " + asked, () -> Json.bytes(page(asked)));
        return Tagged.answer(call.request(), geo ? GEO_JSON : JSON, body);
    }

    private static Position position(List<String> place) {
        return new Position(place.getFirst(), place.getLast());
    }

    private @Nullable String cursor(Asked asked, @Nullable Position last) {
        return last == null
                ? null
                : cursors.write(Asked.scope(asked.mode(), asked.query()), List.of(last.sortValue(), last.listingKey()));
    }

    private Map<String, Object> page(Asked asked) {
        PostgresSearch listings = searches.of(asked.mode());
        FoundPage found = listings.search(asked.query(), asked.after(), asked.limit());
        Map<String, @Nullable Object> page = new LinkedHashMap<>();
        page.put("next", cursor(asked, found.last()));
        page.put("limit", asked.limit());
        if (asked.total()) {
            page.put("total", listings.count(asked.query()));
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        if (asked.geo()) {
            answer.put("type", "FeatureCollection");
            answer.put(
                    "features",
                    found.listings().stream()
                            .map(listing -> feature(listing, asked.view()))
                            .toList());
        } else {
            answer.put(
                    "data", found.listings().stream().map(asked.view()::object).toList());
        }
        answer.put("page", page);
        answer.put("meta", asked.view().meta());
        return answer;
    }

    /** RFC 7946, section 3.2; a place that the caller's plan lacks is as unknown as one that the source lacks. */
    private static Map<String, @Nullable Object> feature(Listing listing, ListingField.View view) {
        Double longitude = listing.place().longitude();
        Double latitude = listing.place().latitude();
        boolean placed = view.hasPlaces() && longitude != null && latitude != null;
        Map<String, @Nullable Object> feature = new LinkedHashMap<>();
        feature.put("type", "Feature");
        feature.put("id", listing.listingKey());
        feature.put("geometry", placed ? Map.of("type", "Point", "coordinates", List.of(longitude, latitude)) : null);
        feature.put("properties", view.object(listing));
        return feature;
    }

    private Response one(ApiCall call) {
        String key = call.text("ListingKey").orElseThrow();
        ListingField.View view = ListingField.View.of(call.caller(), call.list("select"));
        KeyMode mode = call.caller().mode();
        byte[] body = cache.get(call.caller().tenant(), "v2 one " + mode + key + view, () -> {
            Listing listing = searches.of(mode)
                    .find(key)
                    .orElseThrow(() -> new ProblemException(
                            ProblemCode.NOT_FOUND,
                            "There is no listing with this key. Search for it at /v2/listings."));
            return Json.bytes(Map.of("data", view.object(listing), "meta", view.meta()));
        });
        return Tagged.answer(call.request(), JSON, body);
    }
}
