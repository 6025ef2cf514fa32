package dev.gatehouse.gateway.admit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.kernel.plan.Limits;
import dev.gatehouse.kernel.problem.ProblemCode;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The rule of admission")
class AdmissionRuleTest {
    private static final long NOON = AdmissionRule.DAY_MICROS * 20_000 + AdmissionRule.DAY_MICROS / 2;

    @Test
    @DisplayName("tells a Retry-After that is true: who waits that long is admitted, over many plans, costs and levels")
    void retryAfterIsTrue() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        int refused = 0;
        for (int i = 0; i < 200_000; i++) {
            Limits limits = new Limits(
                    1 + random.nextLong(scale(random)),
                    1 + random.nextLong(scale(random)),
                    1 + random.nextLong(scale(random)));
            Allowance allowance = random.nextBoolean()
                    ? new Allowance(limits, Allowance.NO_SHARE)
                    : Allowance.share(limits, 1 + random.nextInt(100));
            long cost = 1 + random.nextLong(random.nextInt(10) == 0 ? scale(random) : 50);
            Levels levels = new Levels(
                    AdmissionRule.DAY_MICROS * 20_000 + random.nextLong(AdmissionRule.DAY_MICROS),
                    random.nextLong(limits.burst() * AdmissionRule.TICKS * 2),
                    random.nextLong(limits.daily() + cost),
                    random.nextLong(limits.daily() + cost));
            if (AdmissionRule.decide(levels, allowance, cost, false) instanceof Admission.Refuse refuse
                    && refuse.retryAfterSeconds() != AdmissionRule.NEVER) {
                refused++;
                long then = levels.atMicros() + refuse.retryAfterSeconds() * 1_000_000;
                Levels later = AdmissionRule.refreshed(refuse.levels(), limits.refillPerMinute(), then);
                assertThat(AdmissionRule.decide(later, allowance, cost, false))
                        .as("seed %s, case %s: %s, cost %s, %s", seed, i, allowance, cost, refuse)
                        .isInstanceOf(Admission.Admit.class);
            }
        }
        assertThat(refused).as("seed %s", seed).isGreaterThan(10_000);
    }

    private static long scale(SplittableRandom random) {
        return switch (random.nextInt(3)) {
            case 0 -> 10;
            case 1 -> 5_000;
            default -> 100_000_000;
        };
    }

    @Test
    @DisplayName("says that a call which costs more than the bucket ever holds is never admitted")
    void neverFits() {
        Allowance allowance = new Allowance(new Limits(1_000, 60, 10), Allowance.NO_SHARE);
        assertThat(AdmissionRule.decide(Levels.untouched(NOON), allowance, 11, false))
                .isInstanceOfSatisfying(
                        Admission.Refuse.class,
                        refuse -> assertThat(refuse.retryAfterSeconds()).isEqualTo(AdmissionRule.NEVER));
    }

    @Test
    @DisplayName("lets exactly bucket plus refill of many calls in")
    void exactSum() {
        Limits limits = new Limits(1_000_000, 77, 13);
        Allowance allowance = new Allowance(limits, Allowance.NO_SHARE);
        Levels levels = Levels.untouched(NOON);
        long admitted = 0;
        long at = NOON;
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < 20_000; i++) {
            Levels fresh = AdmissionRule.refreshed(levels, limits.refillPerMinute(), at);
            Admission decision = AdmissionRule.decide(fresh, allowance, 1, false);
            levels = decision.levels();
            admitted += decision instanceof Admission.Admit ? 1 : 0;
            if (i < 19_999) {
                at += random.nextLong(20_000);
            }
        }
        assertThat(admitted).isEqualTo(13 + 77 * (at - NOON) / 60_000_000);
    }

    @Test
    @DisplayName("gives the larger bucket of a raised plan on the very next call")
    void raisedPlan() {
        Levels empty = new Levels(NOON, 60 * AdmissionRule.TICKS, 60, 0);
        Allowance small = new Allowance(new Limits(1_000, 60, 60), Allowance.NO_SHARE);
        Allowance large = new Allowance(new Limits(50_000, 600, 900), Allowance.NO_SHARE);
        assertThat(AdmissionRule.decide(empty, small, 1, false)).isInstanceOf(Admission.Refuse.class);
        assertThat(AdmissionRule.decide(empty, large, 840, false)).isInstanceOf(Admission.Admit.class);
        assertThat(AdmissionRule.decide(empty, large, 841, false)).isInstanceOf(Admission.Refuse.class);
    }

    @Test
    @DisplayName("clears the quota at midnight and never the bucket")
    void midnight() {
        long before = AdmissionRule.DAY_MICROS * 20_001 - 1;
        Levels spent = new Levels(before, 5 * AdmissionRule.TICKS, 1_000, 400);
        Levels after = AdmissionRule.refreshed(spent, 60, before + 1);
        assertThat(after.quotaUsed()).isZero();
        assertThat(after.keyUsed()).isZero();
        assertThat(after.bucketUsed()).isEqualTo(5 * AdmissionRule.TICKS - 60);
    }

    @Test
    @DisplayName("charges nothing when it refuses, and names the limit that was met")
    void refusalsChargeNothing() {
        Levels full = new Levels(NOON, 0, 1_000, 0);
        Admission.Refuse quota = (Admission.Refuse)
                AdmissionRule.decide(full, new Allowance(new Limits(1_000, 60, 60), Allowance.NO_SHARE), 1, false);
        assertThat(quota.code()).isEqualTo(ProblemCode.QUOTA_EXCEEDED);
        assertThat(quota.levels()).isEqualTo(full);
        assertThat(quota.retryAfterSeconds()).isEqualTo(43_200);

        Levels share = new Levels(NOON, 0, 100, 100);
        Admission.Refuse key =
                (Admission.Refuse) AdmissionRule.decide(share, new Allowance(new Limits(1_000, 60, 60), 100), 1, false);
        assertThat(key.code()).isEqualTo(ProblemCode.KEY_QUOTA_EXCEEDED);
    }
}
