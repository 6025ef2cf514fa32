package dev.gatehouse.bench.crash;

import dev.gatehouse.app.start.Logging;
import dev.gatehouse.gateway.GatewayModule;
import dev.gatehouse.gateway.GatewaySettings;
import dev.gatehouse.gateway.journal.GatewayJournal;
import dev.gatehouse.gateway.journal.JournalSettings;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.runtime.telemetry.Telemetry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** A gateway of a drill: the role's own parts in a process of their own, which may die at a {@link CrashPoint}. */
public final class CrashGateway {
    private static final int SEGMENT = 64 * 1024;

    private CrashGateway() {}

    /** @param args name, port, Redis, directory, folder, octets of the journal's quota */
    public static void main(String[] args) throws IOException, InterruptedException {
        Logging.toStandardOutput();
        GatewaySettings settings = new GatewaySettings(
                args[0],
                "127.0.0.1",
                Integer.parseInt(args[1]),
                1,
                args[2],
                URI.create(args[3]),
                new InternalSecrets(new byte[32]),
                Path.of(args[4]),
                GatewaySettings.Edge.standard(),
                null,
                Duration.ofSeconds(2));
        InstantSource clock = InstantSource.system();
        CrashPoint point = CrashPoint.ofProperty();
        GatewayJournal journal = GatewayJournal.open(
                new JournalSettings(
                        settings.folder().resolve("journal"),
                        SEGMENT,
                        Long.parseLong(args[5]),
                        JournalSettings.PACE,
                        Duration.ZERO,
                        UsageStreams.DEFAULT_SHARDS),
                settings.redis(),
                clock,
                point::reached);
        GatewayModule gateway;
        try {
            gateway = GatewayModule.start(settings, new Telemetry().meters(), clock, journal.recorders());
        } catch (RuntimeException e) {
            // on a machine that is too busy the directory's answer comes too late: whoever watches starts it again
            Runtime.getRuntime().halt(1);
            throw e;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            gateway.close();
            journal.close();
        }));
        Thread.currentThread().join();
    }
}
