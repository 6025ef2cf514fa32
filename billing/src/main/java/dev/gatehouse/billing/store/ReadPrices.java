package dev.gatehouse.billing.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.billing.price.PriceFormat;
import dev.gatehouse.billing.price.PriceList;
import dev.gatehouse.runtime.json.Json;

/**
 * Price lists as they were read, by the text they are stored as. Which lists there are is asked of the database each time;
 * only their reading is saved. The key is the text and not the version, since a version that was tried and taken back may
 * come again with other prices.
 */
final class ReadPrices {
    private static final int MOST = 10_000;

    private final Cache<String, PriceList> lists =
            Caffeine.newBuilder().maximumSize(MOST).build();

    PriceList list(String text) {
        return lists.get(text, stored -> PriceFormat.readList(Json.tree(stored), ""));
    }
}
