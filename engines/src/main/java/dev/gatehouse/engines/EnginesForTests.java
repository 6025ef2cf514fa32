package dev.gatehouse.engines;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Engines for the tests of one JVM: each is started when it is first asked for, in a temporary folder, and stopped and
 * deleted with the JVM. Nothing is forced to the disk.
 */
public final class EnginesForTests {
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final Lazy<Path> FOLDER = new Lazy<>(EnginesForTests::temporaryFolder);
    private static final Lazy<EmbeddedPostgres> POSTGRES =
            new Lazy<>(() -> EmbeddedPostgres.start(FOLDER.get().resolve("postgres"), Durability.THROWN_AWAY));
    private static final Lazy<EmbeddedRedis> REDIS =
            new Lazy<>(() -> EmbeddedRedis.start(FOLDER.get().resolve("redis"), Durability.THROWN_AWAY));
    private static final Lazy<EmbeddedQueue> QUEUE = new Lazy<>(EmbeddedQueue::start);

    private EnginesForTests() {}

    /**
     * A new, empty database.
     *
     * @return its JDBC address with user and password; the user owns the database and is no superuser
     */
    public static String newDatabase() {
        String name = "test_" + DATABASES.incrementAndGet();
        POSTGRES.get().createDatabase(name);
        return POSTGRES.get().url(name);
    }

    /** {@code redis://:PASSWORD@127.0.0.1:PORT}, one server for all tests: tell their keys apart. */
    public static String redis() {
        return REDIS.get().url();
    }

    /** An SQS endpoint, one server for all tests: tell their queues apart. */
    public static String queue() {
        return QUEUE.get().url();
    }

    /** A Redis of the caller's own, to be stopped and started at will. The caller closes it. */
    public static EmbeddedRedis ownRedis(Path home) {
        return EmbeddedRedis.start(home, Durability.DURABLE);
    }

    /** Servers of the caller's own that take part in a Redis Cluster, each without slots and alone as yet. */
    public static List<EmbeddedRedis> ownRedisCluster(Path home, int nodes) {
        List<EmbeddedRedis> servers = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            servers.add(EmbeddedRedis.start(
                    home.resolve("node-" + i),
                    Durability.THROWN_AWAY,
                    "cluster-enabled yes\ncluster-node-timeout 5000\n"));
        }
        return servers;
    }

    /** A PostgreSQL of the caller's own, to be stopped and started at will. The caller closes it. */
    public static EmbeddedPostgres ownPostgres(Path home) {
        return EmbeddedPostgres.start(home, Durability.THROWN_AWAY);
    }

    private static Path temporaryFolder() {
        try {
            Path folder = Files.createTempDirectory("gatehouse-test-engines-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAll(folder), "stop-test-engines"));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void stopAll(Path folder) {
        POSTGRES.ifStarted(EmbeddedPostgres::close);
        REDIS.ifStarted(EmbeddedRedis::close);
        try {
            Unpacked.delete(folder);
        } catch (IOException e) {
            System.err.println("The tests leave " + folder + " behind: " + e.getMessage());
        }
    }

    private static final class Lazy<T> {
        private final Supplier<T> start;
        private @Nullable T value;

        Lazy(Supplier<T> start) {
            this.start = start;
        }

        synchronized T get() {
            @Nullable T found = value;
            if (found == null) {
                found = start.get();
                value = found;
            }
            return found;
        }

        synchronized void ifStarted(Consumer<T> action) {
            if (value != null) {
                action.accept(value);
            }
        }
    }
}
