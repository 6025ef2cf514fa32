package dev.gatehouse.metering.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Pieces that are read ahead")
class ReadAheadTest {
    @Test
    @DisplayName("come in their order, whichever is read first, two being read at the same time")
    void order() {
        CountDownLatch second = new CountDownLatch(1);
        List<Callable<String>> pieces = List.of(
                () -> second.await(10, TimeUnit.SECONDS) ? "first" : "read alone",
                () -> {
                    second.countDown();
                    return "second";
                },
                () -> "third");
        try (ReadAhead<String> ahead = new ReadAhead<>(pieces)) {
            assertThat(List.of(ahead.next(), ahead.next(), ahead.next())).containsExactly("first", "second", "third");
        }
    }

    @Test
    @DisplayName("are not begun before they are needed: what waits to be worked on stays small")
    void bounded() {
        AtomicInteger begun = new AtomicInteger();
        Callable<Integer> piece = begun::incrementAndGet;
        try (ReadAhead<Integer> ahead = new ReadAhead<>(List.of(piece, piece, piece, piece, piece))) {
            ahead.next();
            ahead.next();
            assertThat(begun.get()).isBetween(2, 4);
        }
    }

    @Test
    @DisplayName("end with the fault of the one that cannot be read, as it is")
    void fault() {
        List<Callable<String>> pieces = List.of(() -> "first", () -> {
            throw new IllegalArgumentException("no such slot");
        });
        try (ReadAhead<String> ahead = new ReadAhead<>(pieces)) {
            assertThat(ahead.next()).isEqualTo("first");
            assertThatThrownBy(ahead::next)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no such slot");
        }
    }
}
