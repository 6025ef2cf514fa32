package dev.gatehouse.engines;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A Redis server of our own, with its data in one folder, on a free port of the loopback interface, behind a password.
 * It keeps an append-only file that is synced every second, so a loss of power costs at most about a second.
 */
public final class EmbeddedRedis implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int TRIES = 5;

    private final ChildProcess server;
    private final int port;
    private final String password;

    private EmbeddedRedis(ChildProcess server, int port, String password) {
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
        Path program = Unpacked.redis(Unpacked.userCache());
        Path log = folder.resolve("redis.log");
        Path config = folder.resolve("redis.conf");
        String lastWords = "";
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            String password = SecretFile.readOrCreate(folder.resolve("password"));
            stopOrphan(folder, config);
            for (int i = 0; i < TRIES; i++) {
                int port = FreePort.find();
                SecretFile.write(config, settings(folder, port, password, durability) + more);
                ChildProcess server = ChildProcess.start(
                        "redis", List.of(), List.of(program.toString(), config.toString()), log, "TERM");
                if (becomesReady(server, port, password)) {
                    return new EmbeddedRedis(server, port, password);
                }
                lastWords = server.lastWords();
                server.close();
            }
        } catch (IOException e) {
            throw new EngineException("Cannot use " + folder + " for Redis: " + e.getMessage(), e);
        }
        throw new EngineException("Redis does not start in " + folder + ". The end of " + log + ":\n" + lastWords);
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

    public boolean isAlive() {
        return server.isAlive();
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

    private static void stopOrphan(Path folder, Path config) throws IOException {
        Path pidFile = folder.resolve("redis.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        String pid = Files.readString(pidFile).strip();
        if (pid.matches("[0-9]{1,9}")) {
            // Redis rewrites its command line to "redis-server ADDRESS:PORT", so it is known by program and port
            String port = Files.readString(config)
                    .lines()
                    .filter(line -> line.startsWith("port "))
                    .map(line -> line.substring(5))
                    .findFirst()
                    .orElse("none");
            ChildProcess.stopOrphan(Long.parseLong(pid), "redis-server 127.0.0.1:" + port, "TERM");
        }
        Files.deleteIfExists(pidFile);
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
