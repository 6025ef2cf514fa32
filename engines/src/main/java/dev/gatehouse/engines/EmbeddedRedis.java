package dev.gatehouse.engines;

import dev.gatehouse.runtime.file.DamagedFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Redis server of our own, with its data in one folder, on a free port of the loopback interface, behind a password.
 * It keeps an append-only file that is synced every second, so a loss of power costs at most about a second.
 */
public final class EmbeddedRedis implements EmbeddedServer {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TRIES = 5;
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRedis.class);

    private final Place place;
    private final ChildProcess server;
    private final int port;
    private final String password;

    /**
     * What a server needs to be started, the first time and again.
     *
     * @param more lines of its configuration
     */
    private record Place(Path folder, Path program, Durability durability, String more) {
        Path config() {
            return folder.resolve("redis.conf");
        }

        Path log() {
            return folder.resolve("redis.log");
        }

        /** The append-only file. */
        Path memory() {
            return folder.resolve("appendonly.aof");
        }

        Path pidFile() {
            return folder.resolve("redis.pid");
        }
    }

    private EmbeddedRedis(Place place, ChildProcess server, int port, String password) {
        this.place = place;
        this.server = server;
        this.port = port;
        this.password = password;
    }

    /**
     * @param home the server's folder; created when absent
     * @throws EngineException when it does not come up, with the end of its log
     */
    public static EmbeddedRedis start(Path home, Durability durability) {
        return start(home, durability, "");
    }

    /** @param more lines of its configuration */
    static EmbeddedRedis start(Path home, Durability durability, String more) {
        Path folder = home.toAbsolutePath().normalize();
        Place place = new Place(folder, Unpacked.redis(Unpacked.userCache()), durability, more);
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new EngineException("Cannot use " + folder + " for Redis: " + e.getMessage(), e);
        }
        String password = SecretFile.readOrCreate(folder.resolve("password"), SecretFile.Loss.NONE);
        stopLeftRunning(place);
        for (int i = 1; ; i++) {
            int port = FreePort.lasting();
            try {
                return launch(place, port, password);
            } catch (EngineException e) {
                // somebody else may have taken the port meanwhile; any other reason stays
                if (FreePort.isFree(port)) {
                    return withoutMemory(place, port, password, e);
                }
                if (i == TRIES) {
                    throw e;
                }
            }
        }
    }

    /**
     * Tries once more without the append-only file. When that works, the file was at fault and stays aside: what Redis holds
     * is made again from the ledger and from the gateways' journals. When it doesn't, the file is put back.
     */
    private static EmbeddedRedis withoutMemory(Place place, int port, String password, EngineException failure) {
        Path memory = place.memory();
        if (!Files.exists(memory, LinkOption.NOFOLLOW_LINKS)) {
            throw failure;
        }
        try {
            Path aside = DamagedFile.setAside(memory);
            try {
                EmbeddedRedis redis = launch(place, port, password);
                LOG.error(
                        "Redis could not read {} ({}). It is kept as {}, and Redis has started empty: quotas are made again"
                                + " from the ledger, and usage from the gateways' journals.",
                        memory,
                        failure.getMessage(),
                        aside.getFileName());
                return redis;
            } catch (EngineException e) {
                Files.deleteIfExists(memory);
                Files.move(aside, memory);
                throw failure;
            }
        } catch (IOException e) {
            failure.addSuppressed(e);
            throw failure;
        }
    }

    @Override
    public EmbeddedRedis again() {
        stopLeftRunning(place);
        try {
            return launch(place, port, password);
        } catch (EngineException e) {
            if (FreePort.isFree(port) && !Thread.currentThread().isInterrupted()) {
                return withoutMemory(place, port, password, e);
            }
            throw e;
        }
    }

    private static EmbeddedRedis launch(Place place, int port, String password) {
        if (Files.exists(place.memory()) && !Files.isRegularFile(place.memory())) {
            // Redis would wait for a pipe
            throw new EngineException("Redis cannot read " + place.memory() + ": it is not a file. Move it away.");
        }
        try {
            SecretFile.write(
                    place.config(), settings(place.folder(), port, password, place.durability()) + place.more());
        } catch (IOException e) {
            throw new EngineException(
                    "Cannot write " + place.config() + " (" + e.getClass().getSimpleName()
                            + "). Delete it: each start writes it anew.",
                    e);
        }
        ChildProcess server = ChildProcess.start(
                "redis",
                List.of(),
                List.of(place.program().toString(), place.config().toString()),
                place.log(),
                "TERM");
        if (becomesReady(server, port, password)) {
            return new EmbeddedRedis(place, server, port, password);
        }
        server.close();
        throw new EngineException("Redis does not start on " + place.folder() + ": " + lastComplaint(server.lastWords())
                + ". Its log is " + place.log() + ".");
    }

    /** The last line that says why (redis.conf(5) marks warnings by #), without its time and its process. */
    private static String lastComplaint(List<String> lines) {
        String said = "it says nothing";
        for (String line : lines) {
            int mark = line.indexOf(" # ");
            if (mark >= 0) {
                said = line.substring(mark + 3).strip().replaceFirst("[.]$", "");
            }
        }
        return said;
    }

    /** {@code redis://:PASSWORD@127.0.0.1:PORT}. */
    public String url() {
        return "redis://:" + password + "@127.0.0.1:" + port;
    }

    /** The server's address without its password, for people. */
    public String shownUrl() {
        return "redis://127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    public long pid() {
        return server.pid();
    }

    @Override
    public String name() {
        return "Redis";
    }

    @Override
    public boolean isAlive() {
        return server.isAlive();
    }

    @Override
    public String awaitEnd() throws InterruptedException {
        return server.awaitEnd();
    }

    @Override
    public void close() {
        server.close();
    }

    private static String settings(Path folder, int port, String password, Durability durability) {
        String persistence =
                durability == Durability.DURABLE ? "appendonly yes\nappendfsync everysec\n" : "appendonly no\n";
        return """
                bind 127.0.0.1
                port %d
                dir "%s"
                pidfile "%s"
                requirepass "%s"
                save ""
                daemonize no
                protected-mode yes
                maxmemory-policy noeviction
                stream-node-max-entries 500
                auto-aof-rewrite-percentage 100
                auto-aof-rewrite-min-size 64mb
                %s""".formatted(port, quoted(folder), quoted(folder.resolve("redis.pid")), password, persistence);
    }

    private static String quoted(Path path) {
        return path.toString().replace("\\", "\\\\").replace("\"", "\\\"");
    }

    private static void stopLeftRunning(Place place) {
        LeftRunning.end(place.folder(), "redis-server", leader(place.pidFile()), "TERM");
        try {
            Files.deleteIfExists(place.pidFile());
        } catch (IOException e) {
            throw new EngineException(
                    "Cannot delete " + place.pidFile() + " (" + e.getClass().getSimpleName()
                            + "). Delete it yourself: no server uses it" + " any more.",
                    e);
        }
    }

    private static Optional<Long> leader(Path pidFile) {
        if (!Files.isRegularFile(pidFile)) {
            return Optional.empty();
        }
        try {
            String pid = Files.readString(pidFile, StandardCharsets.ISO_8859_1).strip();
            return pid.matches("[0-9]{1,9}") ? Optional.of(Long.valueOf(pid)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean becomesReady(ChildProcess server, int port, String password) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (server.isAlive() && System.nanoTime() < deadline) {
            if (answers(port, password)) {
                return true;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }

    /** Whether the server lets us in and has its data in memory; while it loads, PING is answered by an error. */
    private static boolean answers(int port, String password) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            socket.setSoTimeout(1_000);
            socket.getOutputStream().write(("AUTH " + password + "\r\nPING\r\n").getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            String expected = "+OK\r\n+PONG\r\n";
            return new String(in.readNBytes(expected.length()), StandardCharsets.US_ASCII).equals(expected);
        } catch (IOException e) {
            return false;
        }
    }
}
