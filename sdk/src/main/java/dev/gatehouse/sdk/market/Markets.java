package dev.gatehouse.sdk.market;

import dev.gatehouse.sdk.call.Call;
import dev.gatehouse.sdk.call.Caller;
import dev.gatehouse.sdk.call.One;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;

/** {@code /v2/markets}. */
public final class Markets {
    private final Caller caller;

    public Markets(Caller caller) {
        this.caller = caller;
    }

    /** The last two years by months. @param area as in {@code county:lucas-oh}, {@code zip:43604}, {@code geohash:dph2j} */
    public One<Market> get(String area) {
        return get(area, Window.MONTH, null, null);
    }

    /**
     * @param from the first month; null for as many periods as are usual
     * @param to the last month; null for the last with any figures
     */
    public One<Market> get(String area, Window window, @Nullable YearMonth from, @Nullable YearMonth to) {
        return caller.one(
                Call.get("/v2/markets/" + Call.encoded(area))
                        .with("window", window.text())
                        .with("from", from)
                        .with("to", to),
                Market.class);
    }
}
