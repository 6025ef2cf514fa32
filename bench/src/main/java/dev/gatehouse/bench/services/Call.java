package dev.gatehouse.bench.services;

import dev.gatehouse.bench.services.GeneratedSales.Home;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A GET of a service.
 *
 * @param asked which homes
 * @param path for a home
 * @param sql the statement that finds the same, with one parameter; null where the service needs more than one table can say
 * @param parameter of the statement
 */
record Call(
        String name,
        Asked asked,
        Function<Home, String> path,
        @Nullable String sql,
        Function<Home, Object> parameter) {

    /** Which homes are asked for. */
    enum Asked {
        /** The same ones in turn. */
        AGAIN,
        /** Each of them never before. */
        FOR_THE_FIRST_TIME
    }

    private Call(String name, Function<Home, String> path, @Nullable String sql, Function<Home, Object> parameter) {
        this(name, Asked.AGAIN, path, sql, parameter);
    }

    static List<Call> all() {
        return List.of(
                new Call(
                        "listing by key",
                        home -> "/v2/listings/" + home.listingKey(),
                        "SELECT * FROM listings.listing WHERE listing_key = ?",
                        Home::listingKey),
                new Call(
                        "listings of a city",
                        home -> "/v2/listings?limit=50&city=" + encoded(home.city()),
                        "SELECT * FROM listings.listing WHERE lower(city) = lower(?) ORDER BY listing_key LIMIT 51",
                        Home::city),
                new Call(
                        "history of a home",
                        home -> "/v2/properties/" + home.propertyKey() + "/history",
                        "SELECT * FROM history.entry WHERE property_key = ? ORDER BY happened_at, sequence, part LIMIT 101",
                        Home::propertyKey),
                new Call(
                        "sales of a home",
                        home -> "/v2/properties/" + home.propertyKey() + "/history/sales",
                        "SELECT * FROM history.entry WHERE property_key = ? AND kind = 'sales'"
                                + " ORDER BY happened_at, sequence, part LIMIT 101",
                        Home::propertyKey),
                new Call(
                        "price index of a county",
                        home -> "/v2/markets/" + county(home) + "/price-index",
                        null,
                        Call::county),
                new Call(
                        "newest signals of a home",
                        home -> "/v2/signals?property=" + home.propertyKey(),
                        "SELECT * FROM signals.signal WHERE property_key = ? ORDER BY raised_at DESC, id DESC LIMIT 51",
                        Home::propertyKey),
                new Call(
                        "market of a county",
                        home -> "/v2/markets/" + county(home),
                        "SELECT month, new_listings, pending, price_cuts, inventory_change, sold, price_sum, rates, rate_sum, stays,"
                                + " day_sum, ratios, ratio_sum, median_price, median_rate, median_days FROM signals.market_month"
                                + " WHERE area = ? ORDER BY month",
                        Call::county),
                new Call(
                        "enrichment by key",
                        home -> "/v2/enrichment?PropertyKey=" + home.propertyKey(),
                        "SELECT * FROM enrichment.home WHERE property_key = ?",
                        Home::propertyKey),
                new Call(
                        "enrichment by key, of homes not asked for before",
                        Asked.FOR_THE_FIRST_TIME,
                        home -> "/v2/enrichment?PropertyKey=" + home.propertyKey(),
                        "SELECT s.* FROM enrichment.home h CROSS JOIN LATERAL (SELECT * FROM enrichment.sale WHERE comparable"
                                + " ORDER BY location <-> h.location LIMIT 150) s WHERE h.property_key = ?",
                        Home::propertyKey),
                new Call(
                        "enrichment by address",
                        home -> "/v2/enrichment?address=" + encoded(home.address() + ", " + home.city()),
                        "SELECT * FROM enrichment.home WHERE house_number = split_part(?, ' ', 1) AND street = 'GENERATED'",
                        Home::address),
                new Call(
                        "enrichment by place",
                        home -> "/v2/enrichment?lat=" + home.latitude() + "&lon=" + home.longitude(),
                        "SELECT s.* FROM enrichment.home h CROSS JOIN LATERAL (SELECT * FROM enrichment.sale WHERE comparable"
                                + " ORDER BY location <-> h.location LIMIT 150) s WHERE h.property_key = ?",
                        Home::propertyKey));
    }

    private static String county(Home home) {
        return "county:" + home.county().toLowerCase(java.util.Locale.ROOT).replace(' ', '-') + "-"
                + home.state().toLowerCase(java.util.Locale.ROOT);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
