package dev.gatehouse.sdk;

import dev.gatehouse.sdk.alert.Alerts;
import dev.gatehouse.sdk.call.Caller;
import dev.gatehouse.sdk.call.RetryPolicy;
import dev.gatehouse.sdk.enrichment.Enrichment;
import dev.gatehouse.sdk.history.History;
import dev.gatehouse.sdk.listing.Listings;
import dev.gatehouse.sdk.market.Markets;
import dev.gatehouse.sdk.signal.Signals;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;

/**
 * A Gatehouse API, to be called. Safe for threads; make one and keep it.
 *
 * <pre>{@code
 * Gatehouse gatehouse = Gatehouse.at("http://127.0.0.1:8080", System.getenv("GATEHOUSE_KEY"));
 * gatehouse.listings()
 *         .search(ListingQuery.all().county("Lucas").minPrice(200_000))
 *         .limit(10)
 *         .forEach(System.out::println);
 * }</pre>
 *
 * <p>Every method throws a {@link dev.gatehouse.sdk.call.GatehouseException}: {@code RefusedException} with the API's code and
 * what is wrong, {@code UnreachableException} when there is no answer.
 */
public final class Gatehouse {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Caller caller;

    private Gatehouse(Caller caller) {
        this.caller = caller;
    }

    /**
     * The API at an address, with the usual timeout (30 s an attempt) and retries.
     *
     * @param base of the gateway, as in {@code https://api.example.com}
     * @param key an API key, {@code gate_live_…} or {@code gate_test_…}
     */
    public static Gatehouse at(String base, String key) {
        return at(base, key, TIMEOUT, RetryPolicy.usual());
    }

    /** @param timeout of one attempt */
    public static Gatehouse at(String base, String key, Duration timeout, RetryPolicy retries) {
        return with(
                new Caller.Settings(URI.create(base), key, timeout, retries, InstantSource.system(), Thread::sleep));
    }

    /** With a clock and a way to wait of the caller's own. */
    public static Gatehouse with(Caller.Settings settings) {
        return new Gatehouse(new Caller(settings));
    }

    public Listings listings() {
        return new Listings(caller);
    }

    public Signals signals() {
        return new Signals(caller);
    }

    public Markets markets() {
        return new Markets(caller);
    }

    public History history() {
        return new History(caller);
    }

    public Enrichment enrichment() {
        return new Enrichment(caller);
    }

    public Alerts alerts() {
        return new Alerts(caller);
    }
}
