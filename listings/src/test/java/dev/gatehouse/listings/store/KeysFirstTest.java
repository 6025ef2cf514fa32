package dev.gatehouse.listings.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.engines.ServiceForTests;
import dev.gatehouse.kernel.time.SettableClock;
import dev.gatehouse.listings.Listing;
import dev.gatehouse.listings.ListingsModule;
import dev.gatehouse.listings.search.FoundPage;
import dev.gatehouse.listings.search.ListingQuery;
import dev.gatehouse.listings.search.Position;
import dev.gatehouse.listings.search.QueryReader;
import dev.gatehouse.runtime.json.Json;
import dev.gatehouse.runtime.redis.Redis;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A page of a range or an area, whose keys are found first")
class KeysFirstTest {
    private static final int LIMIT = 20;
    private static final int PAGES = 4;
    private static final int QUERIES = 60;
    private static final PostgresSearch.Few NONE = new PostgresSearch.Few(0, 0);
    private static final PostgresSearch.Few ALL = new PostgresSearch.Few(Integer.MAX_VALUE, Integer.MAX_VALUE);

    @Test
    @DisplayName("has the listings that a walk along the keys comes across, page after page, in both directions")
    void same() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        DatabaseUrl url = DatabaseUrl.parse(EnginesForTests.newDatabase());
        SettableClock clock = new SettableClock(Instant.parse("2026-03-01T12:00:00Z"));
        try (Redis redis = Redis.connect(EnginesForTests.redis());
                ListingsModule module = ListingsModule.open(url, redis, ServiceForTests.SECRETS, clock);
                Database database =
                        Database.open(url, "listings", "classpath:dev/gatehouse/listings/store/migration", 2)) {
            module.loadBundled(rows -> {});
            PostgresSearch walk = PostgresSearch.ofMarket(database, clock, NONE);
            PostgresSearch keysFirst = PostgresSearch.ofMarket(database, clock, ALL);
            int full = 0;
            for (int i = 0; i < QUERIES; i++) {
                ObjectNode asked = query(random);
                ListingQuery query = QueryReader.read(asked::get);
                List<String> expected = keys(walk, query);
                assertThat(keys(keysFirst, query))
                        .as("seed %d: %s", seed, asked)
                        .isEqualTo(expected);
                full += expected.size() == PAGES * LIMIT ? 1 : 0;
            }
            assertThat(full).as("seed %d: queries of several pages", seed).isGreaterThan(QUERIES / 4);
        }
    }

    private static ObjectNode query(Random random) {
        ObjectNode asked = Json.MAPPER.createObjectNode();
        switch (random.nextInt(6)) {
            case 0 -> range(asked, "Price", 20_000 + random.nextInt(150_000), 5_000 + random.nextInt(80_000));
            case 1 -> range(asked, "Area", 600 + random.nextInt(2_000), 20 + random.nextInt(800));
            case 2 -> range(asked, "Lot", 2_000 + random.nextInt(10_000), 500 + random.nextInt(8_000));
            case 3 -> {
                asked.set(
                        "near",
                        TextNode.valueOf((41.5 + random.nextDouble() / 4) + "," + (-83.8 + random.nextDouble() / 2)));
                asked.set("radius", IntNode.valueOf(500 + random.nextInt(10_000)));
            }
            case 4 -> range(asked, "Year", 1900 + random.nextInt(90), random.nextInt(12));
            default -> {
                range(asked, "Year", 1920 + random.nextInt(60), random.nextInt(30));
                asked.set("minBeds", IntNode.valueOf(1 + random.nextInt(4)));
                asked.set("minLot", IntNode.valueOf(random.nextInt(8_000)));
            }
        }
        if (random.nextBoolean()) {
            asked.set("orderBy", TextNode.valueOf("-ListingKey"));
        }
        return asked;
    }

    private static void range(ObjectNode asked, String what, int least, int width) {
        asked.set("min" + what, IntNode.valueOf(least));
        asked.set("max" + what, IntNode.valueOf(least + width));
    }

    private static List<String> keys(PostgresSearch search, ListingQuery query) {
        List<String> keys = new ArrayList<>();
        @Nullable Position after = null;
        for (int page = 0; page < PAGES; page++) {
            FoundPage found = search.search(query, after, LIMIT);
            found.listings().stream().map(Listing::listingKey).forEach(keys::add);
            after = found.last();
            if (after == null) {
                break;
            }
        }
        return keys;
    }

    @Test
    @DisplayName("is not asked for by an order of another field, an area, or what most homes have")
    void when() {
        assertThat(mayTakeKeysFirst("{\"minPrice\":1}")).isTrue();
        assertThat(mayTakeKeysFirst("{\"minPrice\":1,\"city\":\"Toledo\"}")).isTrue();
        assertThat(mayTakeKeysFirst("{\"minPrice\":1,\"orderBy\":\"ListPrice\"}"))
                .isFalse();
        assertThat(mayTakeKeysFirst("{\"minPrice\":1,\"bbox\":\"-84,41,-83,42\"}"))
                .isFalse();
        assertThat(mayTakeKeysFirst("{\"minBeds\":3}")).isFalse();
        assertThat(mayTakeKeysFirst("{\"modifiedSince\":\"2026-01-01T00:00:00Z\"}"))
                .isFalse();
    }

    private static boolean mayTakeKeysFirst(String asked) {
        JsonNode tree = Json.tree(asked);
        return new SearchSql(QueryReader.read(tree::get), LocalDate.EPOCH, SearchSql.Way.BY_PLACE).mayTakeKeysFirst();
    }
}
