package dev.gatehouse.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.runtime.queue.Queue;
import dev.gatehouse.runtime.queue.Queues;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Queues")
class QueueRulesTest {
    @SuppressWarnings("NullAway.Init")
    private static Queues queues;

    @BeforeAll
    static void connect() {
        queues = Queues.connect(Optional.of(URI.create(EnginesForTests.queue())), "us-east-1");
    }

    @AfterAll
    static void close() {
        queues.close();
    }

    @Test
    @DisplayName("refuse on the embedded queue what Amazon's would refuse")
    void strict() {
        Queue queue = queues.queue("strict", Duration.ofSeconds(30));
        List<Runnable> refused = List.of(
                () -> queue.send("t", "x", Duration.ofSeconds(901)),
                () -> queue.send("t", "x", Duration.ofSeconds(-1)),
                () -> queue.send("t", "x", Duration.ofMillis(1_500)),
                () -> queue.send("", "x", Duration.ZERO),
                () -> queue.send("a b", "x", Duration.ZERO),
                () -> queue.send("t".repeat(129), "x", Duration.ZERO),
                () -> queue.send("t", "", Duration.ZERO),
                () -> queue.send("t", "x".repeat(256 * 1024 + 1), Duration.ZERO),
                () -> queue.send("t", "a\u0001b", Duration.ZERO),
                () -> queue.receive(11, Duration.ZERO),
                () -> queue.receive(0, Duration.ZERO),
                () -> queue.receive(1, Duration.ofSeconds(21)),
                () -> queues.queue("no.dots", Duration.ofSeconds(30)),
                () -> queues.queue("x".repeat(76), Duration.ofSeconds(30)),
                () -> queues.queue("long", Duration.ofHours(13)));
        for (int i = 0; i < refused.size(); i++) {
            Runnable one = refused.get(i);
            assertThatThrownBy(one::run)
                    .as("number " + i)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("SQS: ");
        }
        queue.send("tnt_1", "x".repeat(256 * 1024), Duration.ZERO);
        assertThat(queue.receive(1, Duration.ofSeconds(20))).hasSize(1);
    }

    @Test
    @DisplayName("keep a message that kills its takers among the dead letters, after five tries")
    void deadLetters() {
        Queue queue = queues.queue("deadly", Duration.ofSeconds(1));
        queue.send("tnt_1", "deadly", Duration.ZERO);
        int[] given = new int[1];
        Queue dead = queues.deadLetters("deadly", Duration.ofSeconds(1));
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            given[0] += queue.receive(1, Duration.ofSeconds(1)).size();
            assertThat(dead.receive(1, Duration.ZERO))
                    .extracting(Queue.Message::body)
                    .containsExactly("deadly");
        });
        assertThat(given[0]).isEqualTo(Queues.MOST_RECEIVES);
    }

    @Test
    @DisplayName("of the same name are the same, also one that was made before it had dead letters")
    void again() {
        queues.deadLetters("again", Duration.ofSeconds(30));
        queues.queue("again", Duration.ofSeconds(30)).send("tnt_1", "one", Duration.ZERO);
        assertThat(queues.queue("again", Duration.ofSeconds(30)).receive(1, Duration.ofSeconds(20)))
                .hasSize(1);
    }

    @Test
    @DisplayName("are made again when the service forgot them")
    void forgotten() {
        int port = FreePort.find();
        EmbeddedQueue first = EmbeddedQueue.start(port);
        try (Queues own = Queues.connect(Optional.of(URI.create(first.url())), "us-east-1")) {
            Queue queue = own.queue("homes", Duration.ofSeconds(30));
            queue.send("tnt_1", "lost", Duration.ZERO);
            first.close();
            try (EmbeddedQueue second = EmbeddedQueue.start(port)) {
                assertThat(second.url()).isEqualTo("http://127.0.0.1:" + port);
                queue.send("tnt_1", "kept", Duration.ZERO);
                assertThat(queue.receive(10, Duration.ofSeconds(20)))
                        .extracting(Queue.Message::body)
                        .containsExactly("kept");
            }
        }
    }
}
