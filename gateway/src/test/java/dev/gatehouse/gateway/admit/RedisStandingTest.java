package dev.gatehouse.gateway.admit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.gateway.admit.RedisStanding.State;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Redis, as an event loop takes it,")
class RedisStandingTest {
    private static final long MILLI = 1_000_000L;

    @Test
    @DisplayName("is away until two answers in time have followed one another")
    void returns() {
        RedisStanding standing = new RedisStanding();
        standing.inTime();
        assertThat(standing.state()).isEqualTo(State.AWAY);
        standing.late(0);
        standing.inTime();
        assertThat(standing.state()).isEqualTo(State.AWAY);
        standing.inTime();
        assertThat(standing.state()).isEqualTo(State.HERE);
    }

    @Test
    @DisplayName("is doubted after a late answer, trusted again after one in time, and away when 250 ms bring none")
    void doubted() {
        RedisStanding standing = here();
        standing.late(0);
        assertThat(standing.state()).isEqualTo(State.DOUBTED);
        standing.tick(249 * MILLI);
        assertThat(standing.state()).isEqualTo(State.DOUBTED);
        standing.inTime();
        assertThat(standing.state()).isEqualTo(State.HERE);
        standing.late(300 * MILLI);
        standing.late(540 * MILLI);
        standing.tick(550 * MILLI);
        assertThat(standing.state()).isEqualTo(State.AWAY);
    }

    @Test
    @DisplayName("is away at once when its connection breaks, doubted or not")
    void broken() {
        RedisStanding standing = here();
        standing.broken();
        assertThat(standing.state()).isEqualTo(State.AWAY);
        RedisStanding doubted = here();
        doubted.late(0);
        doubted.broken();
        assertThat(doubted.state()).isEqualTo(State.AWAY);
    }

    @Test
    @DisplayName("never goes away as long as one answer in each 200 ms is in time, however many are late")
    void busy() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        RedisStanding standing = here();
        long lastInTime = 0;
        for (long now = 0; now < 60_000 * MILLI; now += 10 * MILLI) {
            if (now - lastInTime >= 200 * MILLI) {
                standing.inTime();
                lastInTime = now;
            } else if (random.nextInt(3) > 0) {
                standing.late(now);
            }
            standing.tick(now);
            assertThat(standing.state()).as("seed %d", seed).isNotEqualTo(State.AWAY);
        }
    }

    @Test
    @DisplayName("is not late by what held the loop itself up")
    void loopTime() {
        LoopTime time = new LoopTime(10 * MILLI, 0);
        time.tick(10 * MILLI);
        long asked = time.at(10 * MILLI);
        // a pause of 400 ms, then ticks that are 20 ms late each
        time.tick(420 * MILLI);
        assertThat(time.lateNanos()).isEqualTo(400 * MILLI);
        for (long now = 450; now <= 540; now += 30) {
            time.tick(now * MILLI);
        }
        assertThat(time.at(540 * MILLI) - asked).isEqualTo(50 * MILLI);
    }

    private static RedisStanding here() {
        RedisStanding standing = new RedisStanding();
        standing.inTime();
        standing.inTime();
        return standing;
    }
}
