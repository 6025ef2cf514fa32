package dev.gatehouse.signals.answer;

import dev.gatehouse.runtime.api.ApiDescription;
import dev.gatehouse.runtime.api.ApiRouter;
import dev.gatehouse.runtime.api.PageCursors;
import dev.gatehouse.runtime.http.Router;
import dev.gatehouse.signals.alert.Alerts;
import java.time.InstantSource;
import java.util.Map;

/** Serves {@code v2.yaml}. */
public final class SignalsV2 {
    private final SignalsApi signals;
    private final MarketsApi markets;
    private final AlertsApi alerts;

    public SignalsV2(ReadSide readSide, Alerts alerts, PageCursors cursors, InstantSource clock) {
        this.signals = new SignalsApi(readSide, cursors);
        this.markets = new MarketsApi(readSide);
        this.alerts = new AlertsApi(alerts, cursors, clock);
    }

    public static ApiDescription description() {
        return ApiDescription.resource(SignalsV2.class, "v2.yaml");
    }

    public void mount(Router router) {
        ApiRouter.mount(
                router,
                description(),
                Map.of(
                        "listSignals", signals::list,
                        "getMarket", markets::one,
                        "createAlert", alerts::create,
                        "listAlerts", alerts::list,
                        "getAlert", alerts::get,
                        "deleteAlert", alerts::delete));
    }
}
