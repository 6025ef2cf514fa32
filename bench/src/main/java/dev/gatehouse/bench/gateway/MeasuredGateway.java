package dev.gatehouse.bench.gateway;

import dev.gatehouse.gateway.GatewayModule;
import dev.gatehouse.gateway.GatewaySettings;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.runtime.telemetry.Telemetry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** The process that is measured: the gateway with everything on, as the role of that name runs it. */
public final class MeasuredGateway {
    private MeasuredGateway() {}

    /** @param args port, Redis, directory, folder */
    public static void main(String[] args) throws InterruptedException {
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
        GatewayModule gateway = GatewayModule.start(settings, new Telemetry().meters(), InstantSource.system());
        Runtime.getRuntime().addShutdownHook(new Thread(gateway::close));
        Thread.currentThread().join();
    }
}
