package dev.gatehouse.app.role;

import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.runtime.aside.SetAsides;
import dev.gatehouse.runtime.config.Settings;
import dev.gatehouse.runtime.queue.Queues;
import dev.gatehouse.runtime.redis.Redis;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import dev.gatehouse.runtime.telemetry.Telemetry;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * What every role of a process shares. An engine's supplier waits until the engine is up; a role that never asks does not
 * wait.
 *
 * @param ports where people reach it
 * @param asides what this process has set aside
 * @param folder the installation's folder; each role keeps its files in a folder of its own in it
 */
public record Platform(
        Settings settings,
        Ports ports,
        InternalSecrets secrets,
        Path folder,
        Vertx vertx,
        InstantSource clock,
        Telemetry telemetry,
        SetAsides asides,
        Supplier<DatabaseUrl> database,
        Supplier<String> redisUrl,
        Supplier<Redis> redis,
        Supplier<Queues> queues) {}
