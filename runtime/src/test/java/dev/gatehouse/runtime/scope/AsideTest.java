package dev.gatehouse.runtime.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

@DisplayName("A part of a request's work aside")
class AsideTest {
    private record Seen(Optional<String> id, Optional<Duration> limit, Thread thread) {
        static Seen now() {
            return new Seen(RequestScope.requestId(), RequestScope.statementLimit(), Thread.currentThread());
        }
    }

    @Test
    @DisplayName("goes on in a thread of its own, under the request's id and limit")
    void carries() {
        Seen seen = RequestScope.callLimited(
                "req_1", Duration.ofSeconds(3), () -> Aside.begin(Seen::now).get());
        assertThat(seen.id()).contains("req_1");
        assertThat(seen.limit()).contains(Duration.ofSeconds(3));
        assertThat(seen.thread()).isNotSameAs(Thread.currentThread());
        assertThat(RequestScope.<String, RuntimeException>call(
                        "req_2", () -> Aside.begin(() -> MDC.get("requestId")).get()))
                .isEqualTo("req_2");
    }

    @Test
    @DisplayName("is of no request where there is none")
    void none() {
        Seen seen = Aside.begin(Seen::now).get();
        assertThat(seen.id()).isEmpty();
        assertThat(seen.limit()).isEmpty();
    }

    @Test
    @DisplayName("fails where it is waited for, as it failed")
    void fails() {
        Aside<String> aside = Aside.begin(() -> {
            throw new IllegalArgumentException("no such home");
        });
        assertThatThrownBy(aside::get)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no such home");
    }
}
