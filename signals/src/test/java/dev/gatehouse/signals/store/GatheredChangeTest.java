package dev.gatehouse.signals.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import dev.gatehouse.signals.market.Home;
import dev.gatehouse.signals.market.MarketChange;
import dev.gatehouse.signals.market.Site;
import dev.gatehouse.signals.market.Terms;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Changes of very many homes")
class GatheredChangeTest {
    private static final long SEED = 20_261_126;

    @Test
    @DisplayName("leave the same figures whether they are written one by one or by thousands of area-months")
    void pieces() throws SQLException {
        List<String> oneByOne = figures((transaction, all) -> all.forEach(home -> {
            MarketChange change = new MarketChange();
            change.note(null, home);
            MarketRows.apply(transaction, change);
        }));
        List<String> gathered = figures((transaction, all) -> {
            GatheredChange figures = new GatheredChange(transaction, 7_000);
            all.forEach(home -> figures.note(null, home));
            figures.apply();
        });

        assertThat(oneByOne).as("more than one piece, seed " + SEED).hasSizeGreaterThan(20_000);
        assertThat(gathered).isEqualTo(oneByOne);
    }

    private static List<String> figures(BiConsumer<Handle, List<Home>> writer) throws SQLException {
        try (Database database = SignalsStore.database(DatabaseUrl.parse(EnginesForTests.newDatabase()), 2)) {
            return database.<List<String>, RuntimeException>asSystem(transaction -> {
                writer.accept(transaction, homes());
                return transaction.createQuery("""
                                SELECT m::text AS row FROM market_month m UNION ALL SELECT p::text FROM market_period p
                                UNION ALL SELECT area FROM area ORDER BY row
                                """).mapTo(String.class).list();
            });
        }
    }

    /** Sold homes, far enough from each other that most have area-months of their own. */
    private static List<Home> homes() {
        Random chance = new Random(SEED);
        return IntStream.range(0, 3_000)
                .mapToObj(i -> {
                    LocalDate listed = LocalDate.of(2024, 1, 1).plusDays(chance.nextInt(600));
                    Site site = new Site(
                            "Toledo",
                            "4360" + chance.nextInt(10),
                            "Lucas",
                            "OH",
                            41 + chance.nextDouble(),
                            -84 + chance.nextDouble());
                    BigDecimal paid = BigDecimal.valueOf(100_000L + chance.nextInt(300) * 1_000L);
                    Terms terms = new Terms("Closed", paid, paid, listed, listed.plusDays(chance.nextInt(120)), null);
                    return new Home(
                            "listing-" + i,
                            "home-" + i,
                            "test",
                            null,
                            site,
                            "Residential",
                            BigDecimal.valueOf(1_500),
                            terms,
                            1,
                            List.of(),
                            0);
                })
                .toList();
    }
}
