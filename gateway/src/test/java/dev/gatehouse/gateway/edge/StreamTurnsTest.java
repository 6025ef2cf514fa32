package dev.gatehouse.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StreamTurnsTest {
    private static final int FLOOD = 100;

    private final List<String> taken = new ArrayList<>();
    private long nanos;
    private final List<Scheduled> scheduled = new ArrayList<>();
    private final StreamTurns turns =
            new StreamTurns(() -> nanos, (delay, action) -> scheduled.add(new Scheduled(delay, action)));

    private record Scheduled(long delay, Runnable action) {}

    private void stream(String owner, String name) {
        stream(owner, name, new AtomicBoolean(true));
    }

    private void stream(String owner, String name, AtomicBoolean open) {
        Runnable start = () -> {
            taken.add(name);
            nanos += StreamTurns.PASS_NANOS / 4;
        };
        if (turns.mayBegin(owner)) {
            start.run();
        } else {
            turns.await(owner, open::get, start);
        }
    }

    private void pass() {
        assertThat(scheduled).as("passes that were asked for").hasSize(1);
        Scheduled next = scheduled.removeFirst();
        nanos += next.delay();
        next.action().run();
    }

    @Test
    @DisplayName(
            "of a hundred streams in one packet the first eight are taken up at once, then four a pass, until none is left")
    void flood() {
        for (int i = 0; i < FLOOD; i++) {
            stream("flooder", "f" + i);
        }
        assertThat(taken).hasSize(StreamTurns.AT_ONCE);
        int passes = 0;
        while (turns.waiting() > 0) {
            int before = taken.size();
            pass();
            passes++;
            assertThat(taken.size() - before).isLessThanOrEqualTo(4);
        }
        assertThat(taken).hasSize(FLOOD).isSortedAccordingTo((a, b) -> Integer.compare(number(a), number(b)));
        assertThat(passes).isEqualTo((FLOOD - StreamTurns.AT_ONCE) / 4);
    }

    private static int number(String name) {
        return Integer.parseInt(name.substring(1));
    }

    @Test
    @DisplayName(
            "another owner's streams are taken up at once while one's wait, and in turn with it when there are many")
    void fair() {
        for (int i = 0; i < FLOOD; i++) {
            stream("flooder", "f" + i);
        }
        stream("quiet", "q");
        assertThat(taken).last().isEqualTo("q");
        for (int i = 0; i < StreamTurns.AT_ONCE + 2; i++) {
            stream("other", "o" + i);
        }
        taken.clear();
        pass();
        assertThat(taken).containsExactly("f8", "o8", "f9", "o9");
    }

    @Test
    @DisplayName("a stream that is reset while it waits is dropped, and takes no turn")
    void reset() {
        AtomicBoolean open = new AtomicBoolean(true);
        for (int i = 0; i < FLOOD; i++) {
            stream("flooder", "f" + i, open);
        }
        stream("flooder", "last");
        open.set(false);
        taken.clear();
        pass();
        assertThat(taken).containsExactly("last");
        assertThat(turns.waiting()).isZero();
    }

    @Test
    @DisplayName("an owner of few streams never waits, and its passes are forgotten")
    void few() {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < StreamTurns.AT_ONCE; i++) {
                stream("owner", "s" + i);
            }
            assertThat(turns.waiting()).isZero();
            pass();
            assertThat(scheduled).isEmpty();
        }
        assertThat(taken).hasSize(3 * StreamTurns.AT_ONCE);
    }

    @Test
    @DisplayName("an owner that is held has none taken up until that is over, and another's streams go on at once")
    void held() {
        for (int i = 0; i < FLOOD; i++) {
            stream("flooder", "f" + i);
        }
        turns.hold("flooder", 5_000_000);
        taken.clear();
        pass();
        assertThat(taken).isEmpty();
        assertThat(scheduled).extracting(Scheduled::delay).containsExactly(5_000_000L);
        for (int i = 0; i < StreamTurns.AT_ONCE + 1; i++) {
            stream("quiet", "q" + i);
        }
        assertThat(taken).hasSize(StreamTurns.AT_ONCE);
        // the pass that was meant for later is overtaken
        Scheduled later = scheduled.removeFirst();
        pass();
        assertThat(taken).last().isEqualTo("q8");
        later.action().run();
        assertThat(scheduled)
                .as("one pass is asked for, whatever came of the other")
                .hasSize(1);
        taken.clear();
        pass();
        assertThat(taken).first().isEqualTo("f8");
    }
}
