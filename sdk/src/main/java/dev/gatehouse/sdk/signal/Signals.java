package dev.gatehouse.sdk.signal;

import dev.gatehouse.sdk.call.Call;
import dev.gatehouse.sdk.call.Caller;
import dev.gatehouse.sdk.call.Page;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code /v2/signals}. */
public final class Signals {
    private final Caller caller;

    public Signals(Caller caller) {
        this.caller = caller;
    }

    /** Everything that is found, the newest first, over all pages. */
    public Stream<Signal> list(SignalQuery query) {
        return Page.stream(cursor -> page(query, cursor, 200));
    }

    /**
     * One page.
     *
     * @param cursor of the page before; null for the first
     * @param limit 1 to 500
     */
    public Page<Signal> page(SignalQuery query, @Nullable String cursor, int limit) {
        return caller.page(
                Call.get("/v2/signals")
                        .with(query.parameters())
                        .with("limit", limit)
                        .with("cursor", cursor),
                Signal.class);
    }
}
