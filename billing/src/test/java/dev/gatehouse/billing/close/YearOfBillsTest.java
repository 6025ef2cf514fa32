package dev.gatehouse.billing.close;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.DraftInvoice;
import dev.gatehouse.billing.InvoiceId;
import dev.gatehouse.billing.InvoiceLine;
import dev.gatehouse.billing.InvoiceLine.Derivation;
import dev.gatehouse.billing.RatingInput;
import dev.gatehouse.billing.UsageHour;
import dev.gatehouse.billing.price.Agreement;
import dev.gatehouse.billing.price.PriceList;
import dev.gatehouse.billing.price.PriceOverride;
import dev.gatehouse.billing.price.Term;
import dev.gatehouse.billing.price.Tier;
import dev.gatehouse.billing.price.UnitPrice;
import dev.gatehouse.billing.rating.Rating;
import dev.gatehouse.billing.rating.RatingRun;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import dev.gatehouse.metering.LedgerCut;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A leap year of bills of a thousand generated tenants")
final class YearOfBillsTest {
    private static final int TENANTS = 1_000;
    private static final int YEAR = 2028;
    private static final Currency USD = Currency.getInstance("USD");
    private static final TenantId TENANT = new TenantId("tnt_01k9zzzzzzzzzzzzzzzzzzzzzz");
    private static final String[] PLANS = {"free", "growth", "scale"};
    private static final String[] OPERATIONS = {"listListings", "getListing", "searchListings"};
    private static final List<ZoneId> ZONES =
            List.of(ZoneId.of("Pacific/Kiritimati"), ZoneId.of("America/New_York"), ZoneId.of("Asia/Kathmandu"));

    @Test
    @DisplayName(
            "adds up: with changes of plan, new prices, prices of their own, trials and late usage, both calculators agree,"
                    + " by hours and by days, and no unit is charged twice or lost")
    void year() {
        long seed = Long.getLong("gatehouse.seed", System.nanoTime());
        System.out.println("seed " + seed + " (run again with -Dgatehouse.seed=" + seed + ")");
        Random random = new Random(seed);
        for (int tenant = 0; tenant < TENANTS; tenant++) {
            new Year(random, agreement(random)).run("seed " + seed + " tenant " + tenant);
        }
    }

    /** Twelve months of one tenant, each with usage in time and usage that comes after its invoice is final. */
    private static final class Year {
        private final Random random;
        private final Agreement agreement;
        private Money charged = Money.of("0.00", "USD");
        private Money due = Money.of("0.00", "USD");
        private long chargedUnits;
        private long usedUnits;
        private Optional<Adjustments.Earlier> last = Optional.empty();
        private List<UsageHour> lastWhole = List.of();

        Year(Random random, Agreement agreement) {
            this.random = random;
            this.agreement = agreement;
        }

        void run(String name) {
            for (int month = 1; month <= 12; month++) {
                BillingPeriod period = BillingPeriod.of(YearMonth.of(YEAR, month));
                List<Term> terms = agreement.terms(period);
                if (terms.isEmpty()) {
                    continue;
                }
                assertThat(terms.getFirst().from()).as(name).isAfterOrEqualTo(period.from());
                assertThat(terms.getLast().to()).as(name).isEqualTo(period.to());
                List<UsageHour> whole = usage(random, period);
                List<UsageHour> inTime = inTime(random, whole);
                RatingInput input = new RatingInput(TENANT, period, terms, inTime);
                RatingRun run = run(name, period, input, adjustments());
                due = due.plus(Rating.rate(new RatingInput(TENANT, period, terms, whole))
                        .total());
                usedUnits += whole.stream().mapToLong(UsageHour::units).sum();
                last = Optional.of(new Adjustments.Earlier("INV-" + month, run, List.of()));
                lastWhole = whole;
            }
            for (InvoiceLine line : adjustments()) {
                take(line);
            }
            assertThat(charged).as(name).isEqualTo(due);
            assertThat(chargedUnits).as(name).isEqualTo(usedUnits);
        }

        /** Hours of a day in which no term begins or ends may stand as one figure: no amount changes by it. */
        private void byDay(String name, RatingRun run, DraftInvoice invoice) {
            RatingInput input = run.input();
            Set<Instant> split = Term.splitDays(input.terms());
            Map<String, UsageHour> sums = new TreeMap<>();
            for (UsageHour hour : input.usage()) {
                Instant day = hour.hour().truncatedTo(ChronoUnit.DAYS);
                Instant at = split.contains(day) ? hour.hour() : day;
                sums.merge(
                        at + " " + hour.operation() + " " + hour.plan(),
                        new UsageHour(at, hour.plan(), hour.operation(), hour.calls(), hour.units()),
                        (one, other) -> new UsageHour(
                                at,
                                one.plan(),
                                one.operation(),
                                one.calls() + other.calls(),
                                one.units() + other.units()));
            }
            List<UsageHour> days = List.copyOf(sums.values());
            List<Money> amounts =
                    Rating.rate(new RatingInput(TENANT, input.period(), input.terms(), days)).lines().stream()
                            .map(InvoiceLine::amount)
                            .toList();
            assertThat(amounts)
                    .as(name)
                    .isEqualTo(invoice.lines().stream()
                            .limit(amounts.size())
                            .map(InvoiceLine::amount)
                            .toList());
            assertThat(SecondOpinion.on(
                                    run,
                                    days,
                                    corrected -> last.map(earlier -> new SecondOpinion.Earlier(
                                            earlier.run().input(),
                                            lastWhole,
                                            earlier.run().output().algorithm())))
                            .differences())
                    .as(name)
                    .isEmpty();
        }

        private List<InvoiceLine> adjustments() {
            return last.map(earlier -> Adjustments.of(earlier, lastWhole)).orElse(List.of());
        }

        private RatingRun run(String name, BillingPeriod period, RatingInput input, List<InvoiceLine> adjustments) {
            DraftInvoice invoice = Rating.rate(input).with(adjustments);
            RatingRun run = new RatingRun(
                    "run_" + period.from(),
                    InvoiceId.of(TENANT, period),
                    period.to(),
                    LedgerCut.NOTHING,
                    input,
                    invoice);
            SecondOpinion second = SecondOpinion.on(
                    run,
                    input.usage(),
                    corrected -> last.map(earlier -> new SecondOpinion.Earlier(
                            earlier.run().input(),
                            lastWhole,
                            earlier.run().output().algorithm())));
            assertThat(second.differences()).as(name).isEmpty();
            byDay(name, run, invoice);
            Money sum = Money.of("0.00", "USD");
            for (InvoiceLine line : invoice.lines()) {
                sum = sum.plus(line.amount());
                take(line);
            }
            assertThat(invoice.total()).as(name).isEqualTo(sum);
            return run;
        }

        private void take(InvoiceLine line) {
            charged = charged.plus(line.amount());
            chargedUnits += line.derivation() instanceof Derivation.Counted counted
                    ? counted.units()
                    : line.derivation() instanceof Derivation.Corrected corrected ? corrected.units() : 0;
        }
    }

    private static Agreement agreement(Random random) {
        List<Agreement.OnPlan> plans = new ArrayList<>();
        Instant at = random.nextInt(3) == 0
                ? Instant.parse("2028-01-01T00:00:00Z").plusSeconds(random.nextInt(9_000_000))
                : Instant.parse("2027-06-01T00:00:00Z");
        int plan = random.nextInt(3);
        for (int i = 0; i <= random.nextInt(4); i++) {
            plans.add(new Agreement.OnPlan(at, PLANS[(plan + i) % 3]));
            // half of the changes at midnight of a month's first day somewhere on earth, or of the leap day
            at = random.nextBoolean()
                    ? at.plusSeconds(1 + random.nextInt(9_000_000))
                    : midnight(random, at.plus(1, ChronoUnit.DAYS));
        }
        List<PriceList> lists = new ArrayList<>();
        for (String slug : PLANS) {
            lists.add(list(random, slug, 1, Instant.EPOCH));
            lists.add(list(random, slug, 2, hour(random)));
        }
        List<PriceOverride> overrides = new ArrayList<>();
        for (int i = 0; i < random.nextInt(3); i++) {
            Instant from = hour(random);
            overrides.add(new PriceOverride(
                    "pov_" + i,
                    TENANT,
                    from,
                    random.nextInt(3) == 0 ? null : from.plus(1 + random.nextInt(3_000), ChronoUnit.HOURS),
                    USD,
                    random.nextBoolean() ? Money.of(random.nextInt(90) + ".25", "USD") : null,
                    random.nextBoolean() ? Long.valueOf(random.nextInt(4_000)) : null,
                    random.nextBoolean() ? price(random) : null,
                    random.nextInt(3) == 0 ? Map.of("getListing", price(random)) : Map.of(),
                    random.nextInt(4) == 0 ? Money.of(random.nextInt(200) + ".00", "USD") : null,
                    new BigDecimal(random.nextInt(10_001)).movePointLeft(2)));
        }
        return Agreement.byCatalogue(plans, USD, lists, overrides);
    }

    private static Instant midnight(Random random, Instant after) {
        ZoneId zone = ZONES.get(random.nextInt(ZONES.size()));
        LocalDateTime local = after.atZone(zone).toLocalDate().atStartOfDay();
        LocalDateTime first = random.nextInt(4) == 0 && local.isBefore(LocalDateTime.of(YEAR, 2, 29, 0, 0))
                ? LocalDateTime.of(YEAR, 2, 29, 0, 0)
                : local.withDayOfMonth(1).plusMonths(1);
        return first.atZone(zone).toInstant();
    }

    private static Instant hour(Random random) {
        return Instant.parse("2028-01-01T00:00:00Z").plus(random.nextInt(366 * 24), ChronoUnit.HOURS);
    }

    private static PriceList list(Random random, String plan, int version, Instant from) {
        return new PriceList(
                plan,
                version,
                from,
                Money.of(random.nextInt(300) + "." + (10 + random.nextInt(90)), "USD"),
                random.nextInt(5_000),
                price(random),
                random.nextInt(3) == 0 ? Map.of("searchListings", price(random)) : Map.of(),
                random.nextInt(4) == 0 ? Money.of(random.nextInt(300) + ".05", "USD") : null,
                random.nextInt(4) == 0 ? new BigDecimal(random.nextInt(10_001)).movePointLeft(2) : BigDecimal.ZERO,
                random.nextInt(5) == 0 ? random.nextInt(40) : 0,
                null);
    }

    private static UnitPrice price(Random random) {
        List<Tier> tiers = List.of(
                new Tier(1L + random.nextInt(500), new BigDecimal(random.nextInt(10_000)).movePointLeft(4)),
                new Tier(1_000L + random.nextInt(500), new BigDecimal(random.nextInt(10_000)).movePointLeft(3)),
                new Tier(null, new BigDecimal(random.nextInt(10_000)).movePointLeft(6)));
        return switch (random.nextInt(3)) {
            case 0 -> new UnitPrice.Flat(tiers.getFirst().per1000());
            case 1 -> new UnitPrice.Graduated(tiers);
            default -> new UnitPrice.Volume(tiers);
        };
    }

    /** Some hours of a month, its first and its last always among them. */
    private static List<UsageHour> usage(Random random, BillingPeriod period) {
        List<UsageHour> hours = new ArrayList<>();
        long length = period.seconds() / 3_600;
        for (long i = 0; i < length; i++) {
            if (i == 0 || i == length - 1 || random.nextInt(40) == 0) {
                long units = random.nextInt(900);
                hours.add(new UsageHour(
                        period.from().plus(i, ChronoUnit.HOURS),
                        PLANS[random.nextInt(3)],
                        OPERATIONS[random.nextInt(3)],
                        1 + units / 3,
                        units));
            }
        }
        return hours;
    }

    /** What of it the ledger holds when the invoice becomes final: some hours only in part, some not at all. */
    private static List<UsageHour> inTime(Random random, List<UsageHour> whole) {
        List<UsageHour> inTime = new ArrayList<>();
        for (UsageHour hour : whole) {
            switch (random.nextInt(12)) {
                case 0 -> {}
                case 1 ->
                    inTime.add(new UsageHour(
                            hour.hour(), hour.plan(), hour.operation(), hour.calls() / 2, hour.units() / 2));
                default -> inTime.add(hour);
            }
        }
        return inTime;
    }
}
