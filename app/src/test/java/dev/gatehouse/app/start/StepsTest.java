package dev.gatehouse.app.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.app.installation.StartRefused;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The steps of a start")
class StepsTest {
    private final Steps steps = new Steps();
    private final List<String> stopped = new CopyOnWriteArrayList<>();

    @Test
    @DisplayName("go side by side, and what came up last is stopped first")
    void order() {
        CountDownLatch secondRuns = new CountDownLatch(1);
        Steps.Step<AutoCloseable> first = steps.start("first", () -> {
            secondRuns.await();
            return () -> stopped.add("first");
        });
        Steps.Step<AutoCloseable> second = steps.start("second", () -> {
            secondRuns.countDown();
            first.await();
            return () -> stopped.add("second");
        });
        second.await();
        steps.stopAll(Duration.ofSeconds(10), "gateway");
        assertThat(stopped).containsExactly("second", "first");
    }

    @Test
    @DisplayName("that fail say which one and why, and the rest is stopped all the same")
    void failure() {
        steps.start("engine", () -> () -> stopped.add("engine")).await();
        Steps.Step<AutoCloseable> failing = steps.start("listings", () -> {
            throw new IOException("no disk");
        });
        assertThatThrownBy(failing::await)
                .isInstanceOf(StartRefused.class)
                .hasMessage("listings does not start: no disk");
        steps.stopAll(Duration.ofSeconds(10), "gateway");
        assertThat(stopped).containsExactly("engine");
    }

    @Test
    @DisplayName("that end after the stop began are stopped at once")
    void late() {
        CountDownLatch goOn = new CountDownLatch(1);
        Steps.Step<AutoCloseable> late = steps.start("late", () -> {
            goOn.await();
            return () -> stopped.add("late");
        });
        steps.stopAll(Duration.ofSeconds(10), "gateway");
        goOn.countDown();
        late.await();
        assertThat(stopped).containsExactly("late");
    }

    @Test
    @DisplayName("that do not stop are left behind after their time, and the others are stopped all the same")
    void hanging() {
        CountDownLatch never = new CountDownLatch(1);
        steps.start("engine", () -> () -> stopped.add("engine")).await();
        steps.start("hanging", () -> never::await).await();
        steps.start("hanging too", () -> never::await).await();
        steps.start("gateway", () -> () -> stopped.add("gateway")).await();
        long begun = System.nanoTime();
        steps.stopAll(Duration.ofSeconds(3), "gateway");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(4));
        await().untilAsserted(() -> assertThat(stopped).containsExactly("gateway", "engine"));
    }
}
