package dev.gatehouse.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.turn.AnswerPace;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The pace of answers that nobody pays for")
class AnswerPaceTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    @DisplayName("lets a few out at once, many at an even pace, and none later than a second")
    void even() {
        AnswerPace pace = AnswerPace.ofUnpaid(0);
        for (int i = 0; i <= AnswerPace.AT_ONCE; i++) {
            assertThat(pace.take(0)).isZero();
        }
        assertThat(pace.take(0)).isEqualTo(SECOND / AnswerPace.PER_SECOND);
        assertThat(pace.take(0)).isEqualTo(2 * SECOND / AnswerPace.PER_SECOND);
        assertThat(pace.isAtRest(0)).isFalse();
        long most = 0;
        for (int i = 0; i < 1_000; i++) {
            most = Math.max(most, pace.take(0));
        }
        assertThat(most).isEqualTo(AnswerPace.LONGEST_NANOS);
        // what was put off to the last second does not put off what comes after it
        assertThat(pace.take(2 * SECOND)).isZero();
        assertThat(pace.isAtRest(4 * SECOND)).isTrue();
    }

    @Test
    @DisplayName("holds on any clock, for any pattern of calls")
    void anyPattern() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long now = random.nextLong();
        long began = now;
        AnswerPace pace = AnswerPace.ofUnpaid(now);
        int taken = 0;
        for (int i = 0; i < 100_000; i++) {
            now += random.nextInt(4) == 0 ? random.nextLong(20_000_000L) : 0;
            taken += pace.take(now) < AnswerPace.LONGEST_NANOS ? 1 : 0;
            double most = AnswerPace.AT_ONCE + 1 + AnswerPace.PER_SECOND * ((now - began) / 1e9 + 1);
            assertThat((double) taken).as("seed %s", seed).isLessThanOrEqualTo(most + 1);
        }
    }

    @Test
    @DisplayName("is one for a /64 of IPv6, and for an IPv4 address however it is written, and bounded in memory")
    void addresses() {
        AddressPaces paces = new AddressPaces(0);
        for (int i = 0; i < 10_000; i++) {
            paces.take("2001:db8:1:2:" + Integer.toHexString(i) + "::1", 0);
        }
        assertThat(paces.remembered()).isOne();
        assertThat(paces.take("2001:db8:1:2::ffff", 0)).isEqualTo(AnswerPace.LONGEST_NANOS);
        assertThat(paces.take("2001:db8:1:3::1", 0)).isZero();
        for (int i = 0; i < 1_000; i++) {
            paces.take(i % 2 == 0 ? "192.0.2.7" : "::ffff:192.0.2.7", 0);
        }
        assertThat(paces.take("::ffff:c000:207", 0)).isEqualTo(AnswerPace.LONGEST_NANOS);
        assertThat(paces.take("192.0.2.8", 0)).isZero();
        for (int i = 0; i < 3 * AddressPaces.MOST; i++) {
            paces.take("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255), 0);
        }
        assertThat(paces.remembered()).isLessThanOrEqualTo(AddressPaces.MOST);
        // those that are not remembered share one pace
        assertThat(paces.take("10.9.9.9", 0)).isPositive();
        paces.sweep(60 * SECOND);
        assertThat(paces.remembered()).isZero();
    }
}
