package dev.gatehouse.billing.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.DraftInvoice;
import dev.gatehouse.billing.InvoiceLine;
import dev.gatehouse.billing.InvoiceLine.Derivation.Counted;
import dev.gatehouse.billing.RatingInput;
import dev.gatehouse.billing.UsageHour;
import dev.gatehouse.billing.price.PriceList;
import dev.gatehouse.billing.price.Term;
import dev.gatehouse.billing.price.Tier;
import dev.gatehouse.billing.price.UnitPrice;
import dev.gatehouse.billing.verify.SecondCalculator;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import dev.gatehouse.runtime.json.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Rating")
final class RatingTest {
    private static final TenantId TENANT = new TenantId("tnt_01k9zzzzzzzzzzzzzzzzzzzzzz");
    private static final BillingPeriod FEBRUARY = BillingPeriod.of(YearMonth.of(2028, 2));

    @Test
    @DisplayName("charges the fee, then the units past the included ones, rounded once a line")
    void flat() {
        DraftInvoice draft = rate(
                List.of(new Term(list("growth", "99.00", 1_000, flat("0.5")), FEBRUARY.from(), FEBRUARY.to())),
                List.of(hour(0, "growth", 800), hour(1, "growth", 700)));
        assertThat(draft.lines().get(0).amount()).isEqualTo(Money.of("99.00", "USD"));
        assertThat(draft.lines().get(1).amount()).isEqualTo(Money.of("0.25", "USD"));
        assertThat(draft.total()).isEqualTo(Money.of("99.25", "USD"));
        Counted counted = (Counted) draft.lines().get(1).derivation();
        assertThat(counted.hours().get(0).included()).isEqualTo(800);
        assertThat(counted.hours().get(1).included()).isEqualTo(200);
        assertThat(counted.hours().get(1).charged()).isEqualTo(500);
    }

    @Test
    @DisplayName("keeps an hour as the text that its record is, so that stored runs keep their hashes")
    void text() {
        UsageHour hour = hour(3, "growth", 800);
        RatingInput input = new RatingInput(
                TENANT,
                FEBRUARY,
                List.of(new Term(list("growth", "99.00", 1_000, flat("0.5")), FEBRUARY.from(), FEBRUARY.to())),
                List.of(hour));
        assertThat(new String(RunJson.bytes(input), StandardCharsets.UTF_8))
                .endsWith("\"usage\":[" + Json.text(hour) + "]}");
        assertThat(new String(RunJson.bytes(Rating.rate(input)), StandardCharsets.UTF_8))
                .contains("{\"hour\":" + Json.text(hour) + ",\"included\":800,\"charged\":0}");
    }

    @Test
    @DisplayName(
            "prorates fees by the second at a change of plan, in a leap February; included units as the invoice's version has it")
    void prorated() {
        Instant change = Instant.parse("2028-02-15T12:00:00Z"); // half of 29 days
        RatingInput input = new RatingInput(
                TENANT,
                FEBRUARY,
                List.of(
                        new Term(list("free", "0.00", 1_001, flat("1")), FEBRUARY.from(), change),
                        new Term(list("growth", "99.01", 1_000, flat("0.5")), change, FEBRUARY.to())),
                List.of(hour(2, "free", 600), hour(400, "growth", 500)));
        assertThat(Rating.rate(input, 2).lines())
                .extracting(line -> line.amount().amount().toPlainString())
                .containsExactly("0.00", "0.10", "49.50", "0.00");
        assertThat(Rating.rate(input, 2).total()).isEqualTo(Money.of("49.60", "USD"));
        // 600 of 1,001 are included; 500.5 were paid for, so that 400.5 are left of growth's 500: 99 units at 0.50 ÷
        // 1,000
        assertThat(Rating.rate(input).lines())
                .extracting(line -> line.amount().amount().toPlainString())
                .containsExactly("0.00", "0.00", "49.50", "0.05");
    }

    /** Growth is 99.00 with 500,000 units, scale 499.00 with 3,000,000; thirty days. */
    private static DraftInvoice upgrade(String first, long used, int day, String second, long then) {
        BillingPeriod november = BillingPeriod.of(YearMonth.of(2026, 11));
        Instant change = november.from().plusSeconds(day * 86_400L);
        return Rating.rate(new RatingInput(
                TENANT,
                november,
                List.of(new Term(plan(first), november.from(), change), new Term(plan(second), change, november.to())),
                List.of(
                        new UsageHour(november.from(), first, "listListings", 1, used),
                        new UsageHour(change, second, "listListings", 1, then))));
    }

    private static PriceList plan(String slug) {
        return slug.equals("growth")
                ? list("growth", "99.00", 500_000, flat("0.40"))
                : list("scale", "499.00", 3_000_000, flat("0.25"));
    }

    @Test
    @DisplayName(
            "what was used within what was included stays included, and counts for the plan that comes after: the examples"
                    + " of docs/prices.md")
    void upgrades() {
        // used 100,000 of 500,000 on the first day, and then came onto scale: 1/30 of 99.00 and 29/30 of 499.00
        DraftInvoice up = upgrade("growth", 100_000, 1, "scale", 0);
        assertThat(up.lines())
                .extracting(line -> line.amount().amount().toPlainString())
                .containsExactly("3.30", "0.00", "482.37", "0.00");
        // 16,666.67 + 2,900,000 - 100,000
        assertThat(up.included(Instant.parse("2026-11-10T00:00:00Z")))
                .isEqualTo(new DraftInvoice.Included(100_000, 2_816_666));
        assertThat(upgrade("growth", 100_000, 1, "scale", 2_816_666).total()).isEqualTo(up.total());
        assertThat(upgrade("growth", 100_000, 1, "scale", 2_820_666).total())
                .as("4,000 past them")
                .isEqualTo(up.total().plus(Money.of("1.00", "USD")));
        // back to the smaller plan in the middle of the month: 2,000,000 of 3,000,000 stay included; nothing is left
        DraftInvoice down = upgrade("scale", 2_000_000, 15, "growth", 10_000);
        assertThat(down.lines())
                .extracting(line -> line.amount().amount().toPlainString())
                .containsExactly("249.50", "0.00", "49.50", "4.00");
        // and what was not used of what was paid for goes on
        assertThat(upgrade("scale", 0, 15, "growth", 1_750_000)
                        .lines()
                        .getLast()
                        .amount())
                .isEqualTo(Money.of("0.00", "USD"));
        // more than was included is charged under the plan that it was used under, and not again
        assertThat(upgrade("growth", 600_000, 15, "scale", 0).lines())
                .extracting(line -> line.amount().amount().toPlainString())
                .containsExactly("49.50", "40.00", "249.50", "0.00");
    }

    @Test
    @DisplayName(
            "a cut of the month without a change of prices changes no unit: what is included does not depend on how many terms"
                    + " there are")
    void cuts() {
        long seed = Long.getLong("gatehouse.seed", System.nanoTime());
        System.out.println("seed " + seed + " (run again with -Dgatehouse.seed=" + seed + ")");
        Random random = new Random(seed);
        BillingPeriod november = BillingPeriod.of(YearMonth.of(2026, 11));
        for (int round = 0; round < 2_000; round++) {
            List<UsageHour> usage = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                usage.add(new UsageHour(
                        november.from().plusSeconds(3_600L * (i * 60 + random.nextInt(60))),
                        "growth",
                        "listListings",
                        1,
                        random.nextInt(120_000)));
            }
            List<Term> terms = new ArrayList<>();
            Instant at = november.from();
            while (at.isBefore(november.to())) {
                Instant next = at.plusSeconds(3_600L * (1 + random.nextInt(400)));
                Instant end = next.isAfter(november.to()) ? november.to() : next;
                terms.add(new Term(plan("growth"), at, end));
                at = end;
            }
            long charged = charged(Rating.rate(new RatingInput(TENANT, november, terms, usage)));
            assertThat(charged)
                    .as("seed %s", seed)
                    .isEqualTo(charged(Rating.rate(new RatingInput(
                            TENANT,
                            november,
                            List.of(new Term(plan("growth"), november.from(), november.to())),
                            usage))));
        }
    }

    private static long charged(DraftInvoice draft) {
        return draft.lines().stream()
                .map(InvoiceLine::derivation)
                .filter(Counted.class::isInstance)
                .mapToLong(derivation -> ((Counted) derivation).chargedUnits())
                .sum();
    }

    @Test
    @DisplayName("prices each unit by its step, or all by the step of their sum")
    void tiers() {
        List<Tier> tiers = List.of(
                new Tier(1_000L, new BigDecimal("2")),
                new Tier(5_000L, new BigDecimal("1")),
                new Tier(null, new BigDecimal("0.1")));
        assertThat(total(new UnitPrice.Graduated(tiers), 6_000)).isEqualTo("6.10");
        assertThat(total(new UnitPrice.Volume(tiers), 6_000)).isEqualTo("0.60");
        assertThat(total(new UnitPrice.Volume(tiers), 5_000)).isEqualTo("5.00");
    }

    @Test
    @DisplayName("leaves no call of a late gateway without a price: it goes to the term that had begun")
    void stalePlan() {
        Instant change = FEBRUARY.from().plusSeconds(36_000);
        DraftInvoice draft = rate(
                List.of(
                        new Term(list("free", "0", 0, flat("1")), FEBRUARY.from(), change),
                        new Term(list("growth", "0", 0, flat("2")), change, FEBRUARY.to())),
                List.of(hour(10, "free", 1_000), hour(9, "growth", 1_000)));
        assertThat(draft.units()).isEqualTo(2_000);
        assertThat(draft.total()).isEqualTo(Money.of("3.00", "USD"));
    }

    @Test
    @DisplayName("is refused a price list with a gap, or with more decimals than its currency has, by the field's name")
    void badPrices() {
        assertThatThrownBy(() -> new UnitPrice.Graduated(List.of(new Tier(10L, BigDecimal.ONE))))
                .hasMessageContaining("tiers[0].upTo");
        assertThatThrownBy(() -> new UnitPrice.Volume(List.of(
                        new Tier(10L, BigDecimal.ONE), new Tier(10L, BigDecimal.ONE), new Tier(null, BigDecimal.ONE))))
                .hasMessageContaining("tiers[1].upTo is 10: must be more than 10");
        assertThatThrownBy(() -> list("growth", "9.9999", 0, flat("1"))).hasMessageContaining("baseFee");
    }

    @Test
    @DisplayName("agrees with a calculator written apart, to the smallest unit, and loses or doubles no unit")
    void secondCalculator() {
        long seed = Long.getLong("gatehouse.seed", System.nanoTime());
        System.out.println("seed " + seed + " (run again with -Dgatehouse.seed=" + seed + ")");
        Random random = new Random(seed);
        for (int tenant = 0; tenant < 1_000; tenant++) {
            for (int month = 1; month <= 12; month++) {
                RatingInput input = generated(random, BillingPeriod.of(YearMonth.of(2028, month)));
                int algorithm = tenant % 10 == 0 ? 2 : Rating.ALGORITHM;
                DraftInvoice draft = Rating.rate(input, algorithm);
                assertThat(draft.units())
                        .isEqualTo(input.usage().stream()
                                .mapToLong(UsageHour::units)
                                .sum());
                BigInteger cents = BigInteger.ZERO;
                for (InvoiceLine line : draft.lines()) {
                    if (line.derivation() instanceof Counted counted) {
                        assertThat(counted.hours().stream()
                                        .mapToLong(share -> share.included() + share.charged())
                                        .sum())
                                .isEqualTo(counted.units());
                        assertThat(counted.steps().stream()
                                        .mapToLong(InvoiceLine.Step::units)
                                        .sum())
                                .isEqualTo(counted.chargedUnits());
                    }
                    cents = cents.add(line.amount().amount().unscaledValue());
                }
                assertThat(draft.total().amount().unscaledValue()).isEqualTo(cents);
                SecondCalculator.Amounts second = second(input, algorithm);
                assertThat(second.total()).as("seed %s", seed).isEqualTo(cents);
                assertThat(second.lines())
                        .as("seed %s", seed)
                        .isEqualTo(draft.lines().stream()
                                .map(line -> line.amount().amount().unscaledValue())
                                .toList());
                assertThat(second.units()).isEqualTo(draft.units());
                if (tenant % 100 == 0) {
                    byte[] bytes = RunJson.bytes(draft);
                    assertThat(RunJson.bytes(RunJson.output(bytes))).isEqualTo(bytes);
                    assertThat(RunJson.bytes(Rating.rate(RunJson.input(RunJson.bytes(input)), algorithm)))
                            .isEqualTo(bytes);
                }
                List<UsageHour> shuffled = new ArrayList<>(input.usage());
                Collections.shuffle(shuffled, random);
                assertThat(Rating.rate(
                                new RatingInput(input.tenant(), input.period(), input.terms(), shuffled), algorithm))
                        .isEqualTo(draft);
            }
        }
    }

    private static SecondCalculator.Amounts second(RatingInput input, int algorithm) {
        List<SecondCalculator.Span> spans = input.terms().stream()
                .map(term -> new SecondCalculator.Span(
                        term.prices(),
                        term.from().getEpochSecond(),
                        term.to().getEpochSecond(),
                        term.phase() == Term.Phase.TRIAL
                                ? SecondCalculator.Charge.NOTHING
                                : SecondCalculator.Charge.PRICES))
                .toList();
        return new SecondCalculator(
                        spans,
                        input.period().from().getEpochSecond(),
                        input.period().to().getEpochSecond(),
                        algorithm)
                .of(input.usage().stream()
                        .map(hour -> new SecondCalculator.Hour(
                                hour.hour(), hour.plan(), hour.operation(), hour.calls(), hour.units()))
                        .toList());
    }

    private static RatingInput generated(Random random, BillingPeriod period) {
        List<Term> terms = new ArrayList<>();
        Instant at = random.nextInt(4) == 0 ? period.from().plusSeconds(random.nextInt(1_000_000)) : period.from();
        String[] plans = {"free", "growth", "scale"};
        int first = random.nextInt(3);
        for (int i = 0; at.isBefore(period.to()); i++) {
            Instant end = i == 3 || random.nextInt(3) > 0 ? period.to() : at.plusSeconds(1 + random.nextInt(900_000));
            end = end.isAfter(period.to()) ? period.to() : end;
            String plan = plans[(first + i) % 3];
            PriceList basic = list(
                    plan,
                    random.nextInt(20_000) / 100 + ".5" + random.nextInt(10),
                    random.nextInt(5_000),
                    price(random));
            terms.add(new Term(
                    richer(random, basic), at, end, random.nextInt(8) == 0 ? Term.Phase.TRIAL : Term.Phase.PAID));
            at = end;
        }
        List<UsageHour> usage = new ArrayList<>();
        long hours = period.seconds() / 3_600;
        for (long hour = 0; hour < hours; hour++) {
            if (random.nextInt(20) == 0) {
                Instant start = period.from().plusSeconds(hour * 3_600);
                usage.add(new UsageHour(
                        start,
                        plans[random.nextInt(3)],
                        random.nextInt(3) == 0 ? "searchListings" : "listListings",
                        1,
                        random.nextInt(700)));
            }
        }
        return new RatingInput(TENANT, period, terms, usage);
    }

    private static PriceList richer(Random random, PriceList basic) {
        return new PriceList(
                basic.plan(),
                1,
                Instant.EPOCH,
                basic.baseFee(),
                basic.includedUnits(),
                basic.overage(),
                random.nextInt(3) == 0 ? Map.of("searchListings", price(random)) : Map.of(),
                random.nextInt(4) == 0 ? Money.of(random.nextInt(300) + ".0" + random.nextInt(10), "USD") : null,
                random.nextInt(4) == 0 ? new BigDecimal(random.nextInt(10_001)).movePointLeft(2) : BigDecimal.ZERO,
                0,
                null);
    }

    private static UnitPrice price(Random random) {
        List<Tier> tiers = List.of(
                new Tier(1L + random.nextInt(500), new BigDecimal(random.nextInt(10_000)).movePointLeft(4)),
                new Tier(1_000L + random.nextInt(500), new BigDecimal(random.nextInt(10_000)).movePointLeft(3)),
                new Tier(null, new BigDecimal(random.nextInt(10_000)).movePointLeft(5)));
        return switch (random.nextInt(3)) {
            case 0 -> new UnitPrice.Flat(tiers.getFirst().per1000());
            case 1 -> new UnitPrice.Graduated(tiers);
            default -> new UnitPrice.Volume(tiers);
        };
    }

    private static String total(UnitPrice price, long units) {
        return rate(
                        List.of(new Term(list("growth", "0", 0, price), FEBRUARY.from(), FEBRUARY.to())),
                        List.of(hour(0, "growth", units)))
                .total()
                .amount()
                .toPlainString();
    }

    private static DraftInvoice rate(List<Term> terms, List<UsageHour> usage) {
        return Rating.rate(new RatingInput(TENANT, FEBRUARY, terms, usage));
    }

    private static PriceList list(String plan, String fee, long included, UnitPrice overage) {
        return new PriceList(plan, 1, Money.of(fee, "USD"), included, overage);
    }

    private static UnitPrice flat(String per1000) {
        return new UnitPrice.Flat(new BigDecimal(per1000));
    }

    private static UsageHour hour(int hour, String plan, long units) {
        return new UsageHour(FEBRUARY.from().plusSeconds(hour * 3_600L), plan, "listListings", units, units);
    }
}
