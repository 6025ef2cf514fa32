package dev.gatehouse.bench.crash;

import dev.gatehouse.bench.crash.Drill.Persistence;
import dev.gatehouse.engines.Durability;
import dev.gatehouse.engines.EmbeddedPostgres;
import dev.gatehouse.engines.EmbeddedRedis;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Redis and PostgreSQL of a drill, each behind a {@link Cable}, so that its address outlives it. */
final class Engines implements AutoCloseable {
    private final Path folder;
    private final Path postgresHome;
    private final Durability redisDurability;
    private final String database;
    private final Cable redisCable;
    private final Cable postgresCable;
    private EmbeddedRedis redis;
    private EmbeddedPostgres postgres;

    /** @param postgresHome kept from drill to drill; each has a database of its own in it */
    Engines(Path folder, Path postgresHome, Persistence persistence, String database) throws IOException {
        this.folder = folder;
        this.postgresHome = postgresHome;
        this.database = database;
        redisDurability = persistence == Persistence.KEPT ? Durability.DURABLE : Durability.THROWN_AWAY;
        redis = EmbeddedRedis.start(folder.resolve("redis"), redisDurability);
        // what was committed must outlive a kill -9
        postgres = EmbeddedPostgres.start(postgresHome, Durability.DURABLE);
        postgres.createDatabase(database);
        redisCable = new Cable(redis.port());
        postgresCable = new Cable(postgres.port());
    }

    String redisUrl() {
        return redis.url().replace(":" + redis.port(), ":" + redisCable.port());
    }

    String databaseUrl() {
        return postgres.url(database).replace(":" + postgres.port() + "/", ":" + postgresCable.port() + "/");
    }

    void cut() {
        redisCable.cut();
        postgresCable.cut();
    }

    void kill(String engine) throws InterruptedException {
        long pid = engine.equals("redis") ? redis.pid() : postgres.pid();
        ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
        List<ProcessHandle> backends = server.descendants().toList();
        server.destroyForcibly();
        server.onExit().orTimeout(20, TimeUnit.SECONDS).join();
        for (ProcessHandle backend : backends) {
            // PostgreSQL's sessions end by themselves once their postmaster is gone; the next must not meet them
            backend.onExit().orTimeout(60, TimeUnit.SECONDS).join();
        }
    }

    void start(String engine) {
        if (engine.equals("redis")) {
            redis = EmbeddedRedis.start(folder.resolve("redis"), redisDurability);
            redisCable.lead(redis.port());
        } else {
            postgres = EmbeddedPostgres.start(postgresHome, Durability.DURABLE);
            postgresCable.lead(postgres.port());
        }
    }

    boolean isAlive(String engine) {
        return engine.equals("redis") ? redis.isAlive() : postgres.isAlive();
    }

    @Override
    public void close() throws IOException {
        redisCable.close();
        postgresCable.close();
        redis.close();
        postgres.close();
    }
}
