package dev.gatehouse.app.command;

import dev.gatehouse.app.installation.StartRefused;
import dev.gatehouse.app.start.Ending;
import dev.gatehouse.app.start.Up;
import dev.gatehouse.app.start.UpOptions;
import dev.gatehouse.engines.EngineException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "up", description = "Start Gatehouse here and stay until Ctrl-C.")
final class UpCommand implements Callable<Integer> {
    @Option(names = "--data", paramLabel = "DIR", description = "Folder of the installation. Default: ./data")
    @Nullable
    Path data;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port of the gateway (8080). Portal N+1, mailbox N+2, admin N+4.")
    @Nullable
    Integer port;

    @Option(
            names = "--roles",
            paramLabel = "A,B",
            description = "Only these roles; engines are those that the settings name, or embedded ones.")
    @Nullable
    String roles;

    @Option(names = "--config", paramLabel = "FILE", description = "Settings file; see docs/settings.md.")
    @Nullable
    Path config;

    @Override
    public Integer call() throws InterruptedException {
        Map<String, String> given = new HashMap<>();
        if (port != null) {
            given.put("gatehouse.port", port.toString());
        }
        if (roles != null) {
            given.put("gatehouse.roles", roles);
        }
        UpOptions options = UpOptions.read(DataFolder.of(data), given, Optional.ofNullable(config));
        Up up = Up.on(options, UpCommand::say);
        Ending ending = new Ending(up, UpCommand::say);
        ending.listen();
        try {
            up.start();
        } catch (RuntimeException e) {
            if (!ending.hasBegun()) {
                throw e instanceof StartRefused || e instanceof EngineException
                        ? e
                        : new StartRefused("Gatehouse does not start: " + e, e);
            }
            // broken off by whoever stops it, which is no failure of the start
        }
        if (!ending.hasBegun()) {
            up.panel(sinceLaunch()).forEach(UpCommand::say);
        }
        ending.await();
        return Exit.DONE;
    }

    /** Since the JVM came up, which is what a person waits for. */
    private static Duration sinceLaunch() {
        return Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
    }

    @SuppressWarnings("SystemOut")
    private static void say(String line) {
        System.out.println(line);
    }
}
