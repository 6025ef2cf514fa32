package dev.gatehouse.bench.webhooks;

import dev.gatehouse.engines.Durability;
import dev.gatehouse.engines.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A PostgreSQL that is killed with all its sessions and started again on its data. Its users find it at one address: a
 * restarted server takes another port, and a relay of bytes leads there.
 */
final class KillableDatabase implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Path home;
    private final ServerSocket door = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    private volatile EmbeddedPostgres server;

    KillableDatabase(Path home) throws IOException {
        this.home = home;
        this.server = EmbeddedPostgres.start(home, Durability.DURABLE);
        Thread.ofVirtual().name("database-door").start(this::listen);
    }

    String url() {
        return server.url().replaceFirst(":" + server.port() + "/", ":" + door.getLocalPort() + "/");
    }

    private void listen() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                Thread.ofVirtual().start(() -> join(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void join(Socket client) {
        try (client;
                Socket database = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            client.setTcpNoDelay(true);
            database.setTcpNoDelay(true);
            Thread back = Thread.ofVirtual().start(() -> copy(database, client));
            copy(client, database);
            back.join();
        } catch (IOException e) {
            // the database is away
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // one end was killed: the other learns of it by the close
        }
    }

    /** SIGKILL to the server and every session. */
    void kill() throws InterruptedException {
        ProcessHandle postmaster = ProcessHandle.of(server.pid()).orElseThrow();
        List<ProcessHandle> sessions = postmaster.descendants().toList();
        postmaster.destroyForcibly();
        sessions.forEach(ProcessHandle::destroyForcibly);
        long end = System.nanoTime() + PATIENCE.toNanos();
        // a session that nobody reaps stays visible though it is dead: a start finds out by itself
        while (System.nanoTime() < end
                && (postmaster.isAlive() || sessions.stream().anyMatch(ProcessHandle::isAlive))) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    void startAgain() {
        server = EmbeddedPostgres.start(home, Durability.DURABLE);
    }

    @Override
    public void close() throws IOException {
        door.close();
        server.close();
    }
}
