package dev.gatehouse.bench.crash;

import dev.gatehouse.bench.crash.Drill.Persistence;
import dev.gatehouse.engines.Durability;
import dev.gatehouse.engines.EmbeddedRedis;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Redis and PostgreSQL of a drill, each behind a {@link Cable}, so that its address outlives it. */
final class Engines implements AutoCloseable {
    private final Path folder;
    private final Installation installation;
    private final Durability redisDurability;
    private final String database;
    private final Cable redisCable;
    private final Cable postgresCable;
    private EmbeddedRedis redis;

    /** @param database the name of the drill's own */
    Engines(Path folder, Installation installation, Persistence persistence, String database)
            throws IOException, SQLException {
        this.folder = folder;
        this.installation = installation;
        this.database = database;
        redisDurability = persistence == Persistence.KEPT ? Durability.DURABLE : Durability.THROWN_AWAY;
        if (!installation.postgres().isAlive()) {
            installation.restart();
        }
        installation.createLedger(database);
        redis = EmbeddedRedis.start(folder.resolve("redis"), redisDurability);
        redisCable = new Cable(redis.port());
        postgresCable = new Cable(installation.postgres().port());
    }

    String redisUrl() {
        return redis.url().replace(":" + redis.port(), ":" + redisCable.port());
    }

    String databaseUrl() {
        int port = installation.postgres().port();
        return installation.postgres().url(database).replace(":" + port + "/", ":" + postgresCable.port() + "/");
    }

    void cut() {
        redisCable.cut();
        postgresCable.cut();
    }

    /** Kills an engine; does nothing when it is dead already. */
    synchronized void kill(String engine) {
        long pid =
                engine.equals("redis") ? redis.pid() : installation.postgres().pid();
        Optional<ProcessHandle> server = ProcessHandle.of(pid);
        if (server.isEmpty()) {
            return;
        }
        List<ProcessHandle> backends = server.get().descendants().toList();
        server.get().destroyForcibly();
        server.get().onExit().orTimeout(20, TimeUnit.SECONDS).join();
        for (ProcessHandle backend : backends) {
            // PostgreSQL's sessions end by themselves once their postmaster is gone; the next must not meet them
            backend.onExit().orTimeout(60, TimeUnit.SECONDS).join();
        }
    }

    synchronized void start(String engine) {
        if (engine.equals("redis")) {
            redis = EmbeddedRedis.start(folder.resolve("redis"), redisDurability);
            redisCable.lead(redis.port());
        } else {
            installation.restart();
            postgresCable.lead(installation.postgres().port());
        }
    }

    synchronized boolean isAlive(String engine) {
        return engine.equals("redis")
                ? redis.isAlive()
                : installation.postgres().isAlive();
    }

    /** Removes the drill's ledger; to be called when everything that uses it has ended. */
    void forget() throws SQLException {
        installation.dropLedger(database);
    }

    @Override
    public void close() throws IOException {
        redisCable.close();
        postgresCable.close();
        redis.close();
    }
}
