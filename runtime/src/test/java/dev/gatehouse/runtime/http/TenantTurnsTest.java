package dev.gatehouse.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.identity.CallerIdentity;
import dev.gatehouse.kernel.key.KeyMode;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TenantTurnsTest {
    private static final TenantId BUSY = new TenantId("tnt_00000000000000000000000001");
    private static final TenantId QUIET = new TenantId("tnt_00000000000000000000000002");
    private static final KeyId KEY = new KeyId("key_00000000000000000000000001");

    private final AtomicLong nanos = new AtomicLong();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final BlockingQueue<Work> begun = new LinkedBlockingQueue<>();

    /** One request at work, until it is ended. */
    private record Work(String id, CountDownLatch end) {}

    private Endpoint endpoint(int costly, Duration patience) {
        return new TenantTurns(
                        new TenantTurns.Costly(costly, costly + 1),
                        new TenantPresence(nanos::get),
                        patience,
                        nanos::get)
                .around(request -> {
                    Work work = new Work(request.id(), new CountDownLatch(1));
                    begun.add(work);
                    work.end.await();
                    return Response.noContent();
                });
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private static Request request(TenantId tenant, String id) {
        return new Request(
                "GET",
                "/",
                Map.of(),
                Map.of(),
                Map.of(),
                "",
                id,
                new CallerIdentity(
                        tenant, "t", "growth", KEY, KeyMode.LIVE, Set.of("*"), Set.of("*"), id, Instant.EPOCH),
                new ByteArrayInputStream(new byte[0]),
                1_000);
    }

    private CompletableFuture<Response> call(Endpoint endpoint, TenantId tenant, String id) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return endpoint.handle(request(tenant, id));
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                threads);
    }

    private Work next() throws InterruptedException {
        Work work = begun.poll(10, TimeUnit.SECONDS);
        assertThat(work).as("another request at work").isNotNull();
        return work;
    }

    /** Lets one request of the busy tenant take as long as that. */
    private void spend(Endpoint endpoint, Duration time) throws Exception {
        CompletableFuture<Response> call = call(endpoint, BUSY, "spends");
        Work work = next();
        nanos.addAndGet(time.toNanos());
        end(work, call);
    }

    private static void end(Work work, CompletableFuture<Response> call) throws Exception {
        work.end.countDown();
        call.get(10, TimeUnit.SECONDS);
    }

    @Test
    @DisplayName(
            "a tenant has four requests at work at once; the fifth waits for one of them, and another tenant's does not")
    void light() throws Exception {
        Endpoint endpoint = endpoint(1, Duration.ofSeconds(30));
        List<CompletableFuture<Response>> calls = new ArrayList<>();
        List<Work> works = new ArrayList<>();
        for (int i = 0; i < TenantTurns.LIGHT; i++) {
            calls.add(call(endpoint, BUSY, "first " + i));
            works.add(next());
        }
        calls.add(call(endpoint, BUSY, "fifth"));
        calls.add(call(endpoint, QUIET, "quiet"));
        assertThat(next().id()).isEqualTo("quiet");
        assertThat(begun).isEmpty();
        works.getFirst().end.countDown();
        assertThat(next().id()).isEqualTo("fifth");
    }

    @Test
    @DisplayName("a tenant whose requests took more than half of the last second has one at work, until it has rested")
    void costly() throws Exception {
        Endpoint endpoint = endpoint(1, Duration.ofSeconds(30));
        spend(endpoint, Duration.ofMillis(600));
        call(endpoint, QUIET, "quiet");
        assertThat(next().id()).isEqualTo("quiet");
        CompletableFuture<Response> first = call(endpoint, BUSY, "first");
        Work work = next();
        CompletableFuture<Response> second = call(endpoint, BUSY, "second");
        call(endpoint, QUIET, "quiet again");
        assertThat(next().id()).isEqualTo("quiet again");
        assertThat(second).isNotDone();
        end(work, first);
        Work last = next();
        assertThat(last.id()).isEqualTo("second");

        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        call(endpoint, BUSY, "third");
        assertThat(next().id()).as("0.6 s have decayed to 0.22 s").isEqualTo("third");
    }

    @Test
    @DisplayName(
            "a tenant alone has one for each processor, until another comes, and again once that one was gone a minute")
    void alone() throws Exception {
        Endpoint endpoint = endpoint(1, Duration.ofSeconds(30));
        spend(endpoint, Duration.ofMillis(600));
        CompletableFuture<Response> first = call(endpoint, BUSY, "first");
        Work firstWork = next();
        CompletableFuture<Response> second = call(endpoint, BUSY, "second");
        Work secondWork = next();
        CompletableFuture<Response> third = call(endpoint, BUSY, "third");
        CompletableFuture<Response> quiet = call(endpoint, QUIET, "quiet");
        Work quietWork = next();
        assertThat(quietWork.id()).isEqualTo("quiet");
        end(quietWork, quiet);
        nanos.addAndGet(Duration.ofMillis(600).toNanos());
        end(firstWork, first);
        assertThat(begun).as("one is at work still, and that is enough now").isEmpty();
        end(secondWork, second);
        Work thirdWork = next();
        assertThat(thirdWork.id()).isEqualTo("third");
        end(thirdWork, third);

        nanos.addAndGet(TenantPresence.MINUTE.toNanos());
        spend(endpoint, Duration.ofMillis(600));
        call(endpoint, BUSY, "fourth");
        assertThat(next().id()).isEqualTo("fourth");
        call(endpoint, BUSY, "fifth");
        assertThat(next().id()).as("beside the fourth").isEqualTo("fifth");
    }

    @Test
    @DisplayName(
            "a request that waits too long is refused with concurrency_exceeded, costs nothing and takes no later turn")
    void patience() throws Exception {
        Endpoint endpoint = endpoint(1, Duration.ofMillis(20));
        spend(endpoint, Duration.ofMillis(600));
        call(endpoint, QUIET, "quiet");
        assertThat(next().id()).isEqualTo("quiet");
        CompletableFuture<Response> first = call(endpoint, BUSY, "first");
        Work work = next();
        Response refused = call(endpoint, BUSY, "second").get(10, TimeUnit.SECONDS);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.headers()).contains(Map.entry("Gatehouse-Cost", "0"), Map.entry("Retry-After", "1"));
        end(work, first);
        call(endpoint, BUSY, "third");
        assertThat(next().id()).isEqualTo("third");
    }
}
