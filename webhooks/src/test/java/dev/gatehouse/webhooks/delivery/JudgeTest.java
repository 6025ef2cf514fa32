package dev.gatehouse.webhooks.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.webhooks.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The breaker of a webhook endpoint")
class JudgeTest {
    private static final TenantId TENANT = TenantId.next(InstantSource.system());
    private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");

    private final Judge judge = new Judge(new Random(1));
    private Health health = Health.GOOD;
    private int number;

    private Verdict answered(int status) {
        return answered(status, "dlv_" + number++, START.plusSeconds(number));
    }

    private Verdict answered(int status, String delivery, Instant at) {
        Due due = new Due(delivery, TENANT, "whe_1", "claim", "msg_1", 0, "{}", null);
        Finished finished = new Finished(
                due,
                at,
                null,
                new Finished.Response(
                        status,
                        status < 300 ? null : "status",
                        null,
                        "192.0.2.1",
                        new Attempt.Timing(0, 0, 0, 0, 0),
                        "",
                        "",
                        ""));
        Judge.Judged judged = judge.judge(health, finished);
        health = judged.health();
        return judged.verdict();
    }

    @Test
    @DisplayName("opens after five failures in a row of different deliveries")
    void failures() {
        for (int i = 0; i < 4; i++) {
            answered(500);
        }
        assertThat(health.isOpen()).isFalse();
        answered(503);
        assertThat(health.isOpen()).isTrue();
        assertThat(answered(500)).isInstanceOf(Verdict.Parked.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 409, 413, 422, 429})
    @DisplayName(
            "opens, too, when a receiver refuses twenty different messages in a row, and no one of them is parked for ever")
    void refusals(int status) {
        for (int i = 0; i < 19; i++) {
            assertThat(answered(status)).isInstanceOf(Verdict.Retry.class);
        }
        assertThat(health.isOpen()).isFalse();
        answered(status);
        assertThat(health.isOpen()).isTrue();
        assertThat(answered(status)).isInstanceOf(Verdict.Retry.class);
    }

    @Test
    @DisplayName("stays closed for one message that is refused again and again, and for refusals between successes")
    void oneMessage() {
        for (int i = 0; i < 100; i++) {
            answered(422, "dlv_poison", START.plusSeconds(i));
        }
        assertThat(health.isOpen()).isFalse();
        for (int i = 0; i < 100; i++) {
            answered(i % 10 == 9 ? 200 : 422);
        }
        assertThat(health.isOpen()).isFalse();
    }

    @Test
    @DisplayName("adds up what is mixed: three failures and eight refusals are as much as five failures")
    void mixed() {
        for (int i = 0; i < 3; i++) {
            answered(500);
            answered(422);
        }
        for (int i = 0; i < 4; i++) {
            answered(422);
        }
        assertThat(health.isOpen()).isFalse();
        answered(422);
        assertThat(health.isOpen()).isTrue();
    }

    @Test
    @DisplayName("disables an endpoint that has taken nothing for five days, whatever it answered")
    void nothingForDays() {
        answered(422, "dlv_1", START);
        Due due = new Due("dlv_2", TENANT, "whe_1", "claim", "msg_1", 0, "{}", null);
        Finished late = new Finished(
                due,
                START.plus(Duration.ofDays(5)),
                null,
                new Finished.Response(422, "status", null, "192.0.2.1", new Attempt.Timing(0, 0, 0, 0, 0), "", "", ""));
        assertThat(judge.judge(health, late).disable()).contains("5 days");
    }

    @Test
    @DisplayName("counts nothing that could not be tried for a reason of ours, and has it tried again soon")
    void ours() {
        for (int i = 0; i < 4; i++) {
            answered(500);
        }
        Health before = health;
        for (int i = 0; i < 50; i++) {
            Finished notMade = new Finished(
                    new Due("dlv_" + i, TENANT, "whe_1", "claim", "msg_1", 0, "{}", null),
                    START,
                    null,
                    new Finished.Response(
                            null, Finished.OURS, "x", null, new Attempt.Timing(0, 0, 0, 0, 0), "", "", ""));
            Judge.Judged judged = judge.judge(health, notMade);
            health = judged.health();
            assertThat(judged.verdict())
                    .isInstanceOfSatisfying(
                            Verdict.Postponed.class,
                            postponed -> assertThat(postponed.dueAt()).isBetween(START, START.plusSeconds(30)));
        }
        assertThat(health).isEqualTo(before);
    }
}
