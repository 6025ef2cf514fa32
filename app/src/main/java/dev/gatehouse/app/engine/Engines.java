package dev.gatehouse.app.engine;

import dev.gatehouse.engines.Durability;
import dev.gatehouse.engines.EmbeddedPostgres;
import dev.gatehouse.engines.EmbeddedQueue;
import dev.gatehouse.engines.EmbeddedRedis;
import dev.gatehouse.engines.EmbeddedServer;
import dev.gatehouse.engines.Supervisor;
import dev.gatehouse.runtime.config.Settings;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/** Chooses each engine: the one that the settings name, or an embedded one in the installation's folder. */
public final class Engines {
    private final Settings settings;
    private final Path folder;
    private final Consumer<String> people;
    private final InstantSource clock;

    /** @param people are told in sentences when an embedded engine has ended, and when it is back */
    public Engines(Settings settings, Path folder, Consumer<String> people, InstantSource clock) {
        this.settings = settings;
        this.folder = folder;
        this.people = people;
        this.clock = clock;
    }

    /** By {@code gatehouse.database.url}. */
    public Engine postgres() {
        Engine engine = settings.text("gatehouse.database.url")
                .map(url -> Engine.outside(url, DatabaseUrl.parse(url).jdbc()))
                .orElseGet(() -> {
                    EmbeddedPostgres server = EmbeddedPostgres.start(folder.resolve("postgres"), Durability.DURABLE);
                    return supervised(server, server.url(), server.shownUrl());
                });
        DatabaseUrl url = DatabaseUrl.parse(engine.url());
        // a server can run and yet not answer
        return engine.aliveIf(() -> Database.absence(url) == null);
    }

    /** By {@code gatehouse.redis.url}. */
    public Engine redis() {
        return settings.text("gatehouse.redis.url")
                .map(url -> Engine.outside(url, withoutUserInfo(url)))
                .orElseGet(() -> {
                    EmbeddedRedis server = EmbeddedRedis.start(folder.resolve("redis"), Durability.DURABLE);
                    return supervised(server, server.url(), server.shownUrl());
                });
    }

    /** By {@code gatehouse.queue.url}. */
    public Engine queue() {
        return settings.text("gatehouse.queue.url")
                .map(url -> Engine.outside(url, withoutUserInfo(url)))
                .orElseGet(() -> {
                    EmbeddedQueue server = EmbeddedQueue.start();
                    return supervised(server, server.url(), server.url());
                });
    }

    private Engine supervised(EmbeddedServer server, String url, String shownUrl) {
        Supervisor supervisor = Supervisor.of(server, people, clock);
        return new Engine(url, shownUrl, supervisor::isUp, () -> Optional.of(supervisor.state()), supervisor::close);
    }

    private static String withoutUserInfo(String url) {
        URI uri = URI.create(url);
        return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    }
}
