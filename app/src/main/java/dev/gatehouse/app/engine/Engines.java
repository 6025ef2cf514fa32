package dev.gatehouse.app.engine;

import dev.gatehouse.engines.Durability;
import dev.gatehouse.engines.EmbeddedPostgres;
import dev.gatehouse.engines.EmbeddedQueue;
import dev.gatehouse.engines.EmbeddedRedis;
import dev.gatehouse.runtime.config.Settings;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import java.net.URI;
import java.nio.file.Path;

/** Chooses each engine: the one that the settings name, or an embedded one in the installation's folder. */
public final class Engines {
    private final Settings settings;
    private final Path folder;

    public Engines(Settings settings, Path folder) {
        this.settings = settings;
        this.folder = folder;
    }

    /** By {@code gatehouse.database.url}. */
    public Engine postgres() {
        return settings.text("gatehouse.database.url")
                .map(url -> Engine.outside(url, DatabaseUrl.parse(url).jdbc()))
                .orElseGet(() -> {
                    EmbeddedPostgres server = EmbeddedPostgres.start(folder.resolve("postgres"), Durability.DURABLE);
                    return new Engine(server.url(), server.shownUrl(), true, server::isAlive, server::close);
                });
    }

    /** By {@code gatehouse.redis.url}. */
    public Engine redis() {
        return settings.text("gatehouse.redis.url")
                .map(url -> Engine.outside(url, withoutUserInfo(url)))
                .orElseGet(() -> {
                    EmbeddedRedis server = EmbeddedRedis.start(folder.resolve("redis"), Durability.DURABLE);
                    return new Engine(server.url(), server.shownUrl(), true, server::isAlive, server::close);
                });
    }

    /** By {@code gatehouse.queue.url}. */
    public Engine queue() {
        return settings.text("gatehouse.queue.url")
                .map(url -> Engine.outside(url, withoutUserInfo(url)))
                .orElseGet(() -> {
                    EmbeddedQueue server = EmbeddedQueue.start();
                    return new Engine(server.url(), server.url(), true, () -> true, server::abandon);
                });
    }

    private static String withoutUserInfo(String url) {
        URI uri = URI.create(url);
        return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    }
}
