package dev.gatehouse.billing.close;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.billing.BillingPeriod;
import dev.gatehouse.billing.RatingInput;
import dev.gatehouse.billing.UsageHour;
import dev.gatehouse.billing.price.PriceList;
import dev.gatehouse.billing.price.Term;
import dev.gatehouse.billing.price.UnitPrice;
import dev.gatehouse.billing.rating.Rating;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.money.Money;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A tenant's season")
final class SeasonTest {
    private static final TenantId TENANT = new TenantId("tnt_01k9zzzzzzzzzzzzzzzzzzzzzz");
    private static final PriceList PRICES =
            new PriceList("growth", 1, Money.of("99.00", "USD"), 1_000, new UnitPrice.Flat(new BigDecimal("0.40")));

    /** How a tenant's month comes about; each has the same sum, at other times. */
    private enum Habit {
        STEADY,
        OFFICE_HOURS,
        WEEKEND,
        ONCE_A_WEEK_AT_ANY_HOUR,
        ONCE_A_MONTH,
        IN_BURSTS
    }

    private static List<UsageHour> month(Random random, Habit habit, YearMonth month, long sum) {
        BillingPeriod period = BillingPeriod.of(month);
        int hours = (int) (period.seconds() / 3_600);
        double[] weights = new double[hours];
        int batch = random.nextInt(24 * 28);
        for (int i = 0; i < hours; i++) {
            Instant at = period.from().plusSeconds(3_600L * i);
            int day = (int) Math.floorMod(at.getEpochSecond() / 86_400 + 3, 7);
            int hour = i % 24;
            weights[i] = switch (habit) {
                case STEADY -> 1;
                case OFFICE_HOURS -> day < 5 && hour >= 8 && hour < 18 ? 1 + random.nextDouble() : 0.01;
                case WEEKEND -> day >= 5 ? 1 + random.nextDouble() : 0;
                case ONCE_A_WEEK_AT_ANY_HOUR -> 0;
                case ONCE_A_MONTH -> i == batch ? 1 : 0;
                case IN_BURSTS -> random.nextInt(40) == 0 ? random.nextDouble() : 0;
            };
        }
        if (habit == Habit.ONCE_A_WEEK_AT_ANY_HOUR) {
            for (int week = 0; week * 168 < hours; week++) {
                weights[Math.min(hours - 1, week * 168 + random.nextInt(168))] = 1;
            }
        }
        double all = 0;
        for (double weight : weights) {
            all += weight;
        }
        List<UsageHour> usage = new ArrayList<>();
        for (int i = 0; i < hours; i++) {
            long units = Math.round(sum * weights[i] / all);
            if (units > 0) {
                usage.add(new UsageHour(period.from().plusSeconds(3_600L * i), "growth", "", 1, units));
            }
        }
        return usage;
    }

    private static boolean held(List<UsageHour> history, YearMonth month, List<UsageHour> usage) {
        BillingPeriod period = BillingPeriod.of(month);
        Instant begin = Season.begin(period.from());
        return Season.departure(
                        Rating.rate(new RatingInput(
                                TENANT, period, List.of(new Term(PRICES, period.from(), period.to())), usage)),
                        history.stream()
                                .filter(hour -> !hour.hour().isBefore(begin)
                                        && hour.hour().isBefore(period.from()))
                                .toList())
                .isPresent();
    }

    @Test
    @DisplayName(
            "of 200 tenants: whose month is as large as the one before, a fifth more or less, is never held, whenever it calls;"
                    + " whose month is three times as large and more, is")
    void twoHundredTenants() {
        long seed = Long.getLong("gatehouse.seed", 20_261_130L);
        Random random = new Random(seed);
        int heldRegular = 0;
        int regular = 0;
        int heldRunaway = 0;
        int runaway = 0;
        for (int tenant = 0; tenant < 200; tenant++) {
            Habit habit = Habit.values()[tenant % Habit.values().length];
            long sum = 1_000_000 + random.nextInt(50_000_000);
            List<UsageHour> history = new ArrayList<>();
            YearMonth first = YearMonth.of(2026, 1);
            history.addAll(month(random, habit, first, sum));
            history.addAll(month(random, habit, first.plusMonths(1), sum));
            history.addAll(month(random, habit, first.plusMonths(2), sum));
            for (int i = 3; i < 9; i++) {
                sum = Math.round(sum * (0.8 + 0.4 * random.nextDouble()));
                List<UsageHour> usage = month(random, habit, first.plusMonths(i), sum);
                regular++;
                heldRegular += held(history, first.plusMonths(i), usage) ? 1 : 0;
                history.addAll(usage);
            }
            if (tenant / Habit.values().length % 4 == 0) {
                long away = Math.round(sum * (3 + 12 * random.nextDouble()));
                runaway++;
                heldRunaway +=
                        held(history, first.plusMonths(9), month(random, habit, first.plusMonths(9), away)) ? 1 : 0;
            }
        }
        double precision = heldRunaway == 0 ? 0 : (double) heldRunaway / (heldRunaway + heldRegular);
        double recall = (double) heldRunaway / runaway;
        System.out.printf(
                "seed %d: %d regular months, %d of them held; %d runaways, %d of them held; precision %.3f, recall %.3f%n",
                seed, regular, heldRegular, runaway, heldRunaway, precision, recall);
        assertThat(heldRegular).isZero();
        assertThat(recall).isGreaterThanOrEqualTo(0.9);
    }
}
