package dev.gatehouse.listings.answer;

import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.listings.store.PostgresSearch;

/** What a caller finds: live keys the market, test-mode keys the sandbox. */
public record SearchByMode(PostgresSearch market, PostgresSearch sandbox) {
    PostgresSearch of(KeyMode mode) {
        return mode == KeyMode.TEST ? sandbox : market;
    }
}
