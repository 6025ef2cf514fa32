package dev.gatehouse.webhooks.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.webhooks.guard.FakeNameServer.Answer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Names of receivers")
class NameServersTest {
    private static final Answer PUBLIC = new Answer("93.184.215.14", 300, 0);

    private final TenantId acme = TenantId.next(InstantSource.system());
    private final TenantId other = TenantId.next(InstantSource.system());
    private final AtomicLong nanos = new AtomicLong();

    @SuppressWarnings("NullAway.Init")
    private FakeNameServer server;

    @SuppressWarnings("NullAway.Init")
    private NameServers names;

    @BeforeEach
    void start() throws Exception {
        server = new FakeNameServer();
        names = NameServers.of(server.address(), nanos::get);
    }

    @AfterEach
    void stop() {
        names.close();
        server.close();
    }

    private void minutesPass(int minutes) {
        nanos.addAndGet(Duration.ofMinutes(minutes).toNanos());
    }

    @Test
    @DisplayName("resolve at once while hundreds of others wait for a silent name server")
    void slowServer() throws Exception {
        server.answers("quick.example", PUBLIC);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch asking = new CountDownLatch(500);
            for (int i = 0; i < 500; i++) {
                String name = "slow-" + i + ".example";
                TenantId tenant = i % 2 == 0 ? acme : TenantId.next(InstantSource.system());
                Future<?> unused = threads.submit(() -> {
                    asking.countDown();
                    return names.resolve(tenant, name);
                });
            }
            asking.await();
            long start = System.nanoTime();
            assertThat(names.resolve(other, "quick.example")).containsExactly(InetAddress.getByName("93.184.215.14"));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1_400));
            threads.shutdownNow();
        }
    }

    @Test
    @DisplayName("are asked for once, however many deliveries wait for them, and kept for their time to live")
    void onceForAll() throws Exception {
        server.answers("hooks.example", new Answer("93.184.215.14", 1, 0));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<InetAddress>>> found = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                found.add(threads.submit(() -> names.resolve(acme, "hooks.example")));
            }
            for (Future<List<InetAddress>> one : found) {
                assertThat(one.get()).hasSize(1);
            }
        }
        assertThat(server.asked("hooks.example")).isEqualTo(1);
        server.answers("hooks.example", new Answer("93.184.215.15", 1, 0));
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(names.resolve(acme, "hooks.example"))
                        .containsExactly(InetAddress.getByName("93.184.215.15")));
        assertThat(server.asked("hooks.example")).isEqualTo(2);
    }

    @Test
    @DisplayName(
            "that are said not to exist are a fault of the receiver's, and so are those that fail while others resolve")
    void theReceiversFault() throws Exception {
        server.answers("gone.example", FakeNameServer.NXDOMAIN);
        assertThatThrownBy(() -> names.resolve(acme, "gone.example")).isInstanceOf(UnknownHostException.class);
        server.answers("well.example", PUBLIC);
        names.resolve(acme, "well.example");
        assertThatThrownBy(() -> names.resolve(acme, "silent.example")).isInstanceOf(UnknownHostException.class);
        server.answers("broken.example", FakeNameServer.SERVFAIL);
        assertThatThrownBy(() -> names.resolve(acme, "broken.example")).isInstanceOf(UnknownHostException.class);
    }

    @Test
    @DisplayName("that fail while no other resolves are a fault of ours")
    void ourFault() throws Exception {
        assertThatThrownBy(() -> names.resolve(acme, "silent.example")).isInstanceOf(LookupFailedException.class);
        server.answers("broken.example", FakeNameServer.SERVFAIL);
        assertThatThrownBy(() -> names.resolve(acme, "broken.example")).isInstanceOf(LookupFailedException.class);
        server.answers("well.example", PUBLIC);
        names.resolve(acme, "well.example");
        minutesPass(2);
        assertThatThrownBy(() -> names.resolve(acme, "silent.example")).isInstanceOf(LookupFailedException.class);
    }

    @Test
    @DisplayName(
            "that were found before are used on while the servers are silent, and no longer once they say that the name is gone")
    void stale() throws Exception {
        server.answers("hooks.example", new Answer("93.184.215.14", 0, 0));
        names.resolve(acme, "hooks.example");
        server.keepsSilentAbout("hooks.example");
        assertThat(names.resolve(acme, "hooks.example")).containsExactly(InetAddress.getByName("93.184.215.14"));
        server.answers("hooks.example", FakeNameServer.NXDOMAIN);
        assertThatThrownBy(() -> names.resolve(acme, "hooks.example")).isInstanceOf(UnknownHostException.class);
    }

    @Test
    @DisplayName(
            "of one tenant are looked up 32 at a time; the next fails as a fault of ours, and other tenants' go on")
    void bounded() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < NameServers.MOST_BY_TENANT; i++) {
                String name = "slow-" + i + ".example";
                Future<?> unused = threads.submit(() -> names.resolve(acme, name));
            }
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> server.asked("slow-" + (NameServers.MOST_BY_TENANT - 1) + ".example") > 0);
            assertThatThrownBy(() -> names.resolve(acme, "one-more.example"))
                    .isInstanceOf(LookupFailedException.class)
                    .hasMessageContaining("tenant");
            assertThat(server.asked("one-more.example")).isZero();
            server.answers("quick.example", PUBLIC);
            assertThat(names.resolve(other, "quick.example")).hasSize(1);
            threads.shutdownNow();
        }
    }
}
