package dev.gatehouse.bench.drill;

import dev.gatehouse.bench.sandbox.SandboxInstallation;
import dev.gatehouse.engines.Durability;
import dev.gatehouse.engines.EmbeddedRedis;
import dev.gatehouse.engines.Weather;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.RestoreArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Something that fails, and is well again. */
public enum Drill {
    REDIS_REFUSED("Redis refuses connections", "decided locally, no call fails") {
        @Override
        public void run(SandboxInstallation sandbox, long seconds) throws IOException {
            weather(sandbox.toRedis(), Weather.Kind.REFUSING, seconds);
        }
    },
    REDIS_HANGS("Redis hangs", "the first calls wait 50 ms at most, then as above") {
        @Override
        public void run(SandboxInstallation sandbox, long seconds) throws IOException {
            weather(sandbox.toRedis(), Weather.Kind.HANGING, seconds);
        }
    },
    REDIS_SLOW("Redis answers 160 ms late", "decided locally, no call fails") {
        @Override
        public void run(SandboxInstallation sandbox, long seconds) throws IOException {
            weather(sandbox.toRedis(), Weather.Kind.SLOW, seconds);
        }
    },
    REDIS_FLAPS("Redis comes and goes twice a second", "decided there and here, no call fails") {
        @Override
        public void run(SandboxInstallation sandbox, long seconds) throws IOException {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
            while (System.nanoTime() < end) {
                sandbox.toRedis().turn(Weather.Kind.REFUSING);
                pause(250);
                sandbox.toRedis().turn(Weather.Kind.FAIR);
                pause(250);
            }
        }
    },
    REDIS_FORGETS("Redis loses its memory", "no call fails; usage is shipped again from the journal") {
        @Override
        public void run(SandboxInstallation sandbox, long seconds) {
            RedisClient client = RedisClient.create(sandbox.redis().url());
            try (StatefulRedisConnection<String, String> connection = client.connect()) {
                connection.sync().flushall();
                connection.sync().scriptFlush();
            } finally {
                client.shutdown();
            }
            pause(seconds * 1_000);
        }
    },
    REDIS_FAILS_OVER(
            "failover to a replica that is seconds behind",
            "no call fails; what the replica has not seen is let in again") {
        @Override
        public void run(SandboxInstallation sandbox, long seconds) throws IOException {
            try (EmbeddedRedis replica =
                    EmbeddedRedis.start(sandbox.folder().resolve("replica"), Durability.THROWN_AWAY)) {
                copy(sandbox.redis(), replica);
                pause(seconds * 500);
                sandbox.toRedis().failOver(replica.port());
                pause(seconds * 500);
                sandbox.toRedis().failOver(sandbox.redis().port());
            }
        }
    },
    POSTGRES_REFUSED(
            "PostgreSQL refuses connections",
            "the gateway decides as before; services without a cached answer say 5xx") {
        @Override
        public void run(SandboxInstallation sandbox, long seconds) throws IOException {
            weather(sandbox.toPostgres(), Weather.Kind.REFUSING, seconds);
        }
    },
    POSTGRES_HANGS("PostgreSQL hangs", "as above, after the pool's response timeout") {
        @Override
        public void run(SandboxInstallation sandbox, long seconds) throws IOException {
            weather(sandbox.toPostgres(), Weather.Kind.HANGING, seconds);
        }
    },
    PROCESS_KILLED(
            "the installation's process is killed and started again", "calls fail until it is up; usage is not lost") {
        @Override
        public void run(SandboxInstallation sandbox, long seconds) throws IOException {
            sandbox.restart();
        }
    },
    PROCESS_STOPS("the process stands still", "calls wait, none is lost") {
        @Override
        public void run(SandboxInstallation sandbox, long seconds) throws IOException {
            signal(sandbox.pid(), "STOP");
            pause(seconds * 1_000);
            signal(sandbox.pid(), "CONT");
        }
    };

    private final String what;
    private final String stated;

    Drill(String what, String stated) {
        this.what = what;
        this.stated = stated;
    }

    /** Lets it fail for about this long, and returns when it is well again. */
    public abstract void run(SandboxInstallation sandbox, long seconds) throws IOException;

    /** As the command line has it: {@code redis-hangs}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String what() {
        return what;
    }

    /** What is promised of it. */
    public String stated() {
        return stated;
    }

    private static void weather(Weather weather, Weather.Kind kind, long seconds) throws IOException {
        weather.turn(kind);
        pause(seconds * 1_000);
        weather.turn(Weather.Kind.FAIR);
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

    private static void signal(long pid, String signal) throws IOException {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pause(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
