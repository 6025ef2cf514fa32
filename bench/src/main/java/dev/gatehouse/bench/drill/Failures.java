package dev.gatehouse.bench.drill;

import dev.gatehouse.bench.sandbox.OwnService;
import dev.gatehouse.bench.sandbox.SandboxInstallation;
import dev.gatehouse.bench.sandbox.SteadyLoad;
import dev.gatehouse.engines.Durability;
import dev.gatehouse.engines.EmbeddedRedis;
import dev.gatehouse.engines.Weather;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.RestoreArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How each thing is made to fail, and to be well again. */
final class Failures {
    private static final int CALLS_PER_SECOND = 20;

    private Failures() {}

    static String weather(Weather weather, Weather.Kind kind, long seconds) throws IOException {
        weather.turn(kind);
        pause(seconds * 1_000);
        weather.turn(Weather.Kind.FAIR);
        return "";
    }

    static String flap(SandboxInstallation sandbox, long seconds) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < end) {
            sandbox.toRedis().turn(Weather.Kind.REFUSING);
            pause(250);
            sandbox.toRedis().turn(Weather.Kind.FAIR);
            pause(250);
        }
        return "";
    }

    static String forget(SandboxInstallation sandbox, long seconds) {
        RedisClient client = RedisClient.create(sandbox.redis().url());
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            connection.sync().flushall();
            connection.sync().scriptFlush();
        } finally {
            client.shutdown();
        }
        pause(seconds * 1_000);
        return "";
    }

    static String failOver(SandboxInstallation sandbox, long seconds) throws IOException {
        try (EmbeddedRedis replica = EmbeddedRedis.start(sandbox.folder().resolve("replica"), Durability.THROWN_AWAY)) {
            copy(sandbox.redis(), replica);
            pause(seconds * 500);
            sandbox.toRedis().failOver(replica.port());
            pause(seconds * 500);
            sandbox.toRedis().failOver(sandbox.redis().port());
        }
        return "";
    }

    private static void copy(EmbeddedRedis from, EmbeddedRedis to) {
        RedisClient client = RedisClient.create();
        try (StatefulRedisConnection<byte[], byte[]> source =
                        client.connect(ByteArrayCodec.INSTANCE, RedisURI.create(from.url()));
                StatefulRedisConnection<byte[], byte[]> target =
                        client.connect(ByteArrayCodec.INSTANCE, RedisURI.create(to.url()))) {
            for (byte[] key : source.sync().keys("*")) {
                byte[] value = source.sync().dump(key);
                if (value != null) {
                    target.sync().restore(key, value, RestoreArgs.Builder.ttl(0).replace());
                }
            }
        } finally {
            client.shutdown();
        }
    }

    static String service(SandboxInstallation sandbox, Weather.Kind kind, long seconds) throws IOException {
        try (OwnService service = OwnService.behind(sandbox);
                SteadyLoad calls = new SteadyLoad(
                        sandbox.port(), null, service.key(), CALLS_PER_SECOND, 4, i -> OwnService.PATH)) {
            // connections to it are kept by then
            pause(1_000);
            service.weather().turn(kind);
            long from = calls.now();
            pause(seconds * 1_000);
            long to = calls.now();
            SteadyLoad.Part during = calls.between(from, to);
            service.weather().turn(Weather.Kind.FAIR);
            return String.format(
                    Locale.ROOT,
                    "failed %s of %d, p99 %.0f ms",
                    during.failuresByKind(),
                    during.calls(),
                    during.percentile(0.99));
        }
    }

    /** No file of the process grows any more, as on a full disk. */
    static String fillDisk(SandboxInstallation sandbox, long seconds) throws IOException {
        limit(sandbox.pid(), "fsize", "0");
        pause(seconds * 1_000);
        limit(sandbox.pid(), "fsize", "unlimited");
        return "";
    }

    static String exhaustDescriptors(SandboxInstallation sandbox, long seconds) throws IOException {
        String before = run("prlimit", "--pid", Long.toString(sandbox.pid()), "--nofile", "--noheadings", "-o", "SOFT")
                .strip();
        limit(sandbox.pid(), "nofile", "1");
        pause(seconds * 1_000);
        limit(sandbox.pid(), "nofile", before);
        return "";
    }

    static String standStill(SandboxInstallation sandbox, long seconds) throws IOException {
        run("kill", "-STOP", Long.toString(sandbox.pid()));
        pause(seconds * 1_000);
        run("kill", "-CONT", Long.toString(sandbox.pid()));
        return "";
    }

    /** Sets the soft limit and leaves the hard one. */
    private static void limit(long pid, String resource, String soft) throws IOException {
        run("prlimit", "--pid", Long.toString(pid), "--" + resource + "=" + soft + ":");
    }

    private static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ": " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return said;
    }

    private static void pause(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
