package dev.gatehouse.history.answer;

import dev.gatehouse.history.History;
import dev.gatehouse.history.index.PriceIndexes;
import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.api.ApiRouter;
import dev.gatehouse.runtime.api.PageCursors;
import dev.gatehouse.runtime.http.Router;
import java.util.Map;

/** The service's operations, by their descriptions. */
public final class HistoryApi {
    private HistoryApi() {}

    /**
     * What one kind of keys sees.
     *
     * @param history of which homes
     * @param indexes of which areas
     */
    public record Source(History history, PriceIndexes indexes) {}

    public static ApiDescription v2() {
        return ApiDescription.resource(HistoryApi.class, "v2.yaml");
    }

    public static ApiDescription v1() {
        return ApiDescription.resource(HistoryApi.class, "v1.yaml");
    }

    /**
     * @param live for live keys
     * @param sandbox for test-mode keys
     */
    public static void mount(Router router, Source live, Source sandbox, PageCursors cursors) {
        HistoryV2 timelines = new HistoryV2(live.history(), sandbox.history(), cursors);
        PriceIndexV2 indexes = new PriceIndexV2(live.indexes(), sandbox.indexes());
        ApiRouter.mount(
                router,
                v2(),
                Map.of(
                        "listHistory", timelines::all,
                        "listHistoryOfKind", timelines::ofKind,
                        "getPriceIndex", indexes::index));
        HistoryV1 older = new HistoryV1(live.history(), sandbox.history());
        ApiRouter.mount(router, v1(), Map.of("listHistoryV1", older::list));
    }
}
