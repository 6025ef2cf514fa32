package dev.gatehouse.bench.gateway;

import dev.gatehouse.gateway.GatewayModule;
import dev.gatehouse.gateway.GatewaySettings;
import dev.gatehouse.gateway.journal.GatewayJournal;
import dev.gatehouse.gateway.journal.JournalSettings;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.runtime.config.Settings;
import dev.gatehouse.runtime.telemetry.Telemetry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/** The process that is measured: the gateway with everything on, as the role of that name runs it. */
public final class MeasuredGateway {
    private MeasuredGateway() {}

    /** @param args port, Redis, directory, folder */
    public static void main(String[] args) throws IOException, InterruptedException {
        GatewaySettings settings = new GatewaySettings(
                "bench",
                "127.0.0.1",
                Integer.parseInt(args[0]),
                1,
                args[1],
                URI.create(args[2]),
                new InternalSecrets(new byte[32]),
                Path.of(args[3]),
                GatewaySettings.Edge.standard(),
                null,
                Duration.ofSeconds(2));
        InstantSource clock = InstantSource.system();
        JournalSettings journaled =
                JournalSettings.of(Settings.of(Map.of()), settings.folder().resolve("journal"));
        GatewayJournal journal = GatewayJournal.open(journaled, settings.redis(), clock);
        GatewayModule gateway = GatewayModule.start(settings, new Telemetry().meters(), clock, journal.recorders());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            gateway.close();
            journal.close();
        }));
        Thread.currentThread().join();
    }
}
