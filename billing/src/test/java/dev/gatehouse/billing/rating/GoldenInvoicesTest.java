package dev.gatehouse.billing.rating;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.DraftInvoice;
import dev.gatehouse.billing.InvoiceLine.Kind;
import dev.gatehouse.billing.RatingInput;
import dev.gatehouse.billing.UsageHour;
import dev.gatehouse.billing.price.PriceList;
import dev.gatehouse.billing.price.Term;
import dev.gatehouse.billing.price.Tier;
import dev.gatehouse.billing.price.UnitPrice;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("An invoice worked by hand in golden.md")
final class GoldenInvoicesTest {
    private static final TenantId TENANT = new TenantId("tnt_01k9zzzzzzzzzzzzzzzzzzzzzz");

    static Stream<List<String>> rows() throws IOException {
        try (InputStream in = Objects.requireNonNull(GoldenInvoicesTest.class.getResourceAsStream("golden.md"))) {
            List<List<String>> rows = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("| 2"))
                    .map(line -> Arrays.stream(line.substring(1).split("\\|"))
                            .map(String::strip)
                            .toList())
                    .toList();
            assertThat(rows).hasSizeGreaterThan(15);
            return rows.stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    @DisplayName("comes out of the rating to the smallest unit")
    void row(List<String> row) {
        YearMonth month = YearMonth.parse(row.get(0));
        String[] days = row.get(1).split("-");
        Instant from = month.atDay(Integer.parseInt(days[0]))
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
        Instant to = month.atDay(Integer.parseInt(days[1]))
                .plusDays(1)
                .atStartOfDay(ZoneOffset.UTC)
                .toInstant();
        String currency = row.get(2);
        PriceList list = new PriceList(
                "growth",
                1,
                Instant.EPOCH,
                Money.of(row.get(3), currency),
                Long.parseLong(row.get(4)),
                price(row.get(5)),
                Map.of(),
                row.get(7).equals("none") ? null : Money.of(row.get(7), currency),
                new BigDecimal(row.get(6)),
                0,
                null);
        long units = Long.parseLong(row.get(8));
        DraftInvoice draft = Rating.rate(new RatingInput(
                TENANT,
                BillingPeriod.of(month),
                List.of(new Term(list, from, to)),
                List.of(new UsageHour(from, "growth", "listListings", 1, units))));
        assertThat(amount(draft, Kind.BASE_FEE)).isEqualByComparingTo(row.get(9));
        assertThat(amount(draft, Kind.USAGE)).isEqualByComparingTo(row.get(10));
        assertThat(amount(draft, Kind.DISCOUNT)).isEqualByComparingTo(row.get(11));
        assertThat(amount(draft, Kind.MINIMUM)).isEqualByComparingTo(row.get(12));
        assertThat(draft.total()).isEqualTo(Money.of(row.get(13), currency));
    }

    private static BigDecimal amount(DraftInvoice draft, Kind kind) {
        return draft.lines().stream()
                .filter(line -> line.kind() == kind)
                .map(line -> line.amount().amount())
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static UnitPrice price(String text) {
        String[] words = text.split(" ");
        if (words[0].equals("flat")) {
            return new UnitPrice.Flat(new BigDecimal(words[1]));
        }
        List<Tier> tiers = new ArrayList<>();
        for (String word : Arrays.asList(words).subList(1, words.length)) {
            String[] step = word.split(":");
            tiers.add(new Tier(step[0].equals("rest") ? null : Long.valueOf(step[0]), new BigDecimal(step[1])));
        }
        return words[0].equals("graduated") ? new UnitPrice.Graduated(tiers) : new UnitPrice.Volume(tiers);
    }
}
