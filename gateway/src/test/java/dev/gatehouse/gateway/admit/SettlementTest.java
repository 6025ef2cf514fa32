package dev.gatehouse.gateway.admit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.engines.EmbeddedRedis;
import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.engines.Weather;
import dev.gatehouse.gateway.GatewayModule;
import dev.gatehouse.gateway.GatewaySettings;
import dev.gatehouse.gateway.journal.GatewayJournal;
import dev.gatehouse.gateway.journal.JournalSettings;
import dev.gatehouse.gateway.stub.Ledger;
import dev.gatehouse.gateway.stub.Sandbox;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.plan.Limits;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A call is charged once")
final class SettlementTest {
    private static final int DAILY = 1_000_000;

    @TempDir
    private Path folder;

    private EmbeddedRedis redis;
    private Weather weather;
    private RedisClient client;
    private StatefulRedisConnection<String, String> admin;
    private Sandbox sandbox;
    private GatewayJournal journal;
    private GatewayModule gateway;
    private Ledger ledger;

    @BeforeEach
    void start() throws Exception {
        redis = EnginesForTests.ownRedis(folder.resolve("redis"));
        client = RedisClient.create(redis.url());
        admin = client.connect();
        weather = new Weather(redis.port());
        String url = redis.url().replace(":" + redis.port(), ":" + weather.port());
        sandbox = new Sandbox(url);
        JournalSettings settings = new JournalSettings(
                folder.resolve("journal"), 1 << 20, 1 << 24, JournalSettings.PACE, Duration.ZERO, 1);
        journal = GatewayJournal.open(settings, url, InstantSource.system());
        gateway = GatewayModule.start(
                sandbox.settings("settles", GatewaySettings.Edge.standard(), 1, null),
                new SimpleMeterRegistry(),
                InstantSource.system(),
                journal.recorders());
        ledger = Ledger.follow(redis.url());
    }

    @AfterEach
    void stop() throws IOException {
        ledger.close();
        gateway.close();
        journal.close();
        admin.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        sandbox.close();
        weather.close();
        redis.close();
    }

    private String key(TenantId tenant) {
        String key = sandbox.directory.key(tenant);
        sandbox.synced(gateway);
        await().until(() -> sandbox.get(gateway, key, "/v2/account/limits")
                .headers()
                .firstValue("gatehouse-degraded")
                .isEmpty());
        return key;
    }

    private long used(TenantId tenant) {
        return Ledger.used(admin, tenant);
    }

    private void assertSettled(TenantId tenant) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(used(tenant)).as("used of " + tenant).isEqualTo(ledger.charged(tenant)));
    }

    @Test
    @DisplayName(
            "when Redis forgets its scripts between admission and settlement and the ledger raises the quota meanwhile")
    void scriptsForgotten() {
        TenantId tenant = sandbox.directory.tenant("forgets", new Limits(DAILY, 60_000, 60_000));
        String key = key(tenant);
        for (int i = 0; i < 2; i++) {
            CompletableFuture<HttpResponse<String>> call = sandbox.http.sendAsync(
                    HttpRequest.newBuilder(sandbox.uri(gateway, "/v2/things/later-cost?millis=300&units=50"))
                            .header("X-API-Key", key)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            await().until(() -> used(tenant) % 50 == 1);
            admin.sync().scriptFlush();
            assertThat(call.join().statusCode()).isEqualTo(200);
            int calls = i + 1;
            await().atMost(Duration.ofSeconds(10)).until(() -> ledger.charged(tenant) == 50L * calls);
            // the quota has been raised by now, and whatever is owed is charged when the gateway has lost Redis and
            // found it
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(5));
            admin.sync().clientKill(KillArgs.Builder.typeNormal().skipme());
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
            assertThat(sandbox.get(gateway, key, "/v2/account/limits").statusCode())
                    .isEqualTo(200);
            assertSettled(tenant);
            assertThat(used(tenant)).isEqualTo(50L * calls);
        }
    }

    @Test
    @DisplayName("not at all when its client leaves before it is its turn")
    void leavesTheQueue() throws Exception {
        sandbox.directory.route(Sandbox.open("narrow", "/v2/narrow", sandbox.service.url(), 1));
        TenantId tenant = sandbox.directory.tenant("leaves", new Limits(DAILY, 60_000, 60_000));
        String key = key(tenant);
        CompletableFuture<HttpResponse<String>> first = sandbox.http.sendAsync(
                HttpRequest.newBuilder(sandbox.uri(gateway, "/v2/narrow/slow?millis=600"))
                        .header("X-API-Key", key)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        await().until(() -> used(tenant) == 1);
        try (var socket = new Socket("127.0.0.1", gateway.port())) {
            socket.getOutputStream()
                    .write(("GET /v2/narrow/echo HTTP/1.1\r\nHost: a\r\nX-API-Key: " + key + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            await().until(() -> used(tenant) == 2);
        }
        await().until(() -> used(tenant) == 1);
        assertThat(first.join().statusCode()).isEqualTo(200);
        await().until(() -> ledger.events(tenant) == 2);
        assertThat(ledger.charged(tenant)).isEqualTo(1);
        assertSettled(tenant);
    }

    @RepeatedTest(2)
    @DisplayName("whatever Redis does meanwhile: scripts and memory forgotten, connections cut, replies late")
    void whateverRedisDoes() throws Exception {
        long seed = Long.getLong("settlement.seed", new Random().nextLong());
        System.out.println("settlement.seed " + seed);
        Random random = new Random(seed);
        List<TenantId> tenants = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            tenants.add(sandbox.directory.tenant("chaos-" + i, new Limits(DAILY, 60_000, i == 2 ? 50 : 60_000)));
            keys.add(key(tenants.get(i)));
        }
        List<CompletableFuture<?>> calls = new ArrayList<>();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        long nextWeather = System.nanoTime();
        while (System.nanoTime() < until) {
            CompletableFuture<?> call = call(keys.get(random.nextInt(3)), random);
            calls.add(call);
            if (random.nextInt(20) == 0) {
                call.cancel(true);
            }
            if (System.nanoTime() > nextWeather) {
                if (random.nextBoolean()) {
                    weather.turn(Weather.Kind.FAIR);
                }
                nextWeather = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50 + random.nextInt(900));
                weather(random);
                if (random.nextInt(4) == 0) {
                    quiet(random.nextInt(5_000), calls, keys, random);
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(8)));
        }
        weather.turn(Weather.Kind.FAIR);
        for (CompletableFuture<?> call : calls) {
            call.handle((answer, failure) -> answer).get(20, TimeUnit.SECONDS);
        }
        tenants.forEach(this::assertSettled);
        // and stays so: nothing is under way that would be charged later
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(5));
        for (TenantId tenant : tenants) {
            assertThat(used(tenant)).as("seed " + seed).isEqualTo(ledger.charged(tenant));
            assertThat(ledger.charged(tenant)).isPositive();
        }
    }

    private CompletableFuture<?> call(String key, Random random) {
        String path = switch (random.nextInt(5)) {
            case 0 -> "/v2/things/cost?units=" + random.nextInt(30);
            case 1 -> "/v2/things/later-cost?millis=" + random.nextInt(700) + "&units=" + random.nextInt(30);
            case 2 -> "/v2/things/status?code=503";
            case 3 -> "/v2/things/slow?millis=" + random.nextInt(900);
            default -> "/v2/things/echo";
        };
        return sandbox.http.sendAsync(
                HttpRequest.newBuilder(sandbox.uri(gateway, path))
                        .header("X-API-Key", key)
                        .timeout(Duration.ofSeconds(15))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Long enough, at times, for the ledger to raise quotas; a call now and then lets the gateway see how Redis is. */
    private void quiet(int millis, List<CompletableFuture<?>> calls, List<String> keys, Random random) {
        for (int i = 0; i < millis; i += 250) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(250));
            calls.add(call(keys.get(random.nextInt(3)), random));
        }
    }

    private void weather(Random random) throws IOException {
        switch (random.nextInt(11)) {
            case 6 -> weather.turn(Weather.Kind.MUTE);
            case 7 -> weather.turn(Weather.Kind.HANGING);
            case 8 -> weather.turn(Weather.Kind.SLOW);
            case 9 -> weather.turn(Weather.Kind.REFUSING);
            case 10 -> {
                weather.turn(Weather.Kind.MUTE);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(300)));
                // what was asked has been done, and nobody will hear of it
                weather.turn(Weather.Kind.REFUSING);
            }
            case 0, 1 -> admin.sync().scriptFlush();
            case 2 -> admin.sync().flushall();
            case 3 -> admin.sync().clientKill(KillArgs.Builder.typeNormal().skipme());
            case 4 -> admin.sync().clientPause(20 + random.nextInt(1_500));
            default -> {
                admin.sync().scriptFlush();
                admin.sync().clientPause(100);
                admin.sync().clientKill(KillArgs.Builder.typeNormal().skipme());
            }
        }
    }
}
