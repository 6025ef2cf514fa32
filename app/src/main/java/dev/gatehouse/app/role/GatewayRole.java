package dev.gatehouse.app.role;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.gatehouse.app.installation.StartRefused;
import dev.gatehouse.gateway.GatewayModule;
import dev.gatehouse.gateway.GatewaySettings;
import dev.gatehouse.gateway.journal.GatewayJournal;
import dev.gatehouse.gateway.journal.JournalSettings;
import dev.gatehouse.runtime.config.Settings;
import dev.gatehouse.runtime.http.BoundAddress;
import io.micrometer.core.instrument.Gauge;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts the gateway together. */
public final class GatewayRole {
    /** How long a stop waits for calls under way, unless the settings say otherwise. */
    public static final Duration DRAIN = Duration.ofSeconds(5);

    private GatewayRole() {}

    /** @param directory base address of the directory's internal interface */
    public static RunningRole start(Platform platform, URI directory) throws IOException {
        GatewaySettings settings = settings(platform, directory);
        GatewayJournal journal = GatewayJournal.open(
                JournalSettings.of(
                        platform.settings(),
                        platform.folder().resolve("gateway").resolve("journal")),
                platform.redisUrl().get(),
                platform.clock(),
                platform.asides());
        GatewayModule gateway;
        try {
            gateway = GatewayModule.start(
                    settings, platform.telemetry().meters(), platform.clock(), journal.recorders(), platform.asides());
        } catch (RuntimeException e) {
            journal.close();
            throw e;
        }
        Gauge.builder("gatehouse.journal.unsettled", journal::unsettled)
                .description("Calls in the gateway's journal that the ledger does not hold yet")
                .register(platform.telemetry().meters());
        String scheme = settings.tls() == null ? "http" : "https";
        return new RunningRole(
                Role.GATEWAY,
                BoundAddress.url(scheme, settings.host(), gateway.port()).toString(),
                () -> gateway.fault().isEmpty(),
                Parts.of(gateway, journal));
    }

    private static GatewaySettings settings(Platform platform, URI directory) {
        Settings settings = platform.settings();
        try {
            return new GatewaySettings(
                    settings.text("gatehouse.gateway.node", "gateway"),
                    platform.ports().host(),
                    platform.ports().gateway(),
                    settings.integer("gatehouse.gateway.loops", defaultLoops()),
                    platform.redisUrl().get(),
                    directory,
                    platform.secrets(),
                    platform.folder().resolve("gateway"),
                    edge(settings),
                    tls(settings),
                    settings.duration("gatehouse.gateway.drain", DRAIN));
        } catch (IllegalArgumentException e) {
            throw new StartRefused(String.valueOf(e.getMessage()), e);
        }
    }

    private static int defaultLoops() {
        return Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 64);
    }

    private static GatewaySettings.Edge edge(Settings settings) {
        GatewaySettings.Edge standard = GatewaySettings.Edge.standard();
        return new GatewaySettings.Edge(
                list(settings.text("gatehouse.gateway.trusted-proxies", "")),
                settings.text("gatehouse.gateway.client-address-header", standard.addressHeader()),
                settings.isOn("gatehouse.gateway.proxy-protocol")
                        ? GatewaySettings.ProxyProtocol.REQUIRED
                        : GatewaySettings.ProxyProtocol.NONE,
                settings.isOn("gatehouse.gateway.clear-http2")
                        ? GatewaySettings.ClearText.HTTP_1_AND_2
                        : GatewaySettings.ClearText.HTTP_1,
                settings.integer("gatehouse.gateway.max-head-bytes", standard.maxHeadBytes()),
                settings.integer("gatehouse.gateway.max-target-bytes", standard.maxTargetBytes()),
                settings.number("gatehouse.gateway.max-body-bytes", standard.maxBodyBytes()),
                settings.duration("gatehouse.gateway.idle", standard.idle()),
                caps(settings));
    }

    private static GatewaySettings.Caps caps(Settings settings) {
        GatewaySettings.Caps standard = GatewaySettings.Caps.standard();
        return new GatewaySettings.Caps(
                settings.duration("gatehouse.gateway.longest-wait", standard.longestWait()),
                settings.integer("gatehouse.gateway.max-streams", standard.maxStreams()),
                settings.integer("gatehouse.gateway.max-connections-per-tenant", standard.maxConnections()),
                settings.integer("gatehouse.gateway.max-connections-per-address", standard.maxConnectionsOfAddress()),
                settings.integer("gatehouse.gateway.max-connections", connections(standard)),
                settings.duration("gatehouse.gateway.first-head", standard.firstHead()),
                settings.duration("gatehouse.gateway.body-silence", standard.bodySilence()),
                settings.integer("gatehouse.gateway.body-bytes-per-second", standard.bodyBytesPerSecond()),
                settings.duration("gatehouse.gateway.read-stall", standard.readStall()));
    }

    /** Half of the file descriptors at most: the other half is for services, engines and files. */
    private static int connections(GatewaySettings.Caps standard) {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? (int) Math.clamp(unix.getMaxFileDescriptorCount() / 2, 64, standard.maxConnectionsInAll())
                : standard.maxConnectionsInAll();
    }

    private static GatewaySettings.@Nullable Tls tls(Settings settings) {
        String certificate = settings.text("gatehouse.gateway.tls.certificate").orElse(null);
        String key = settings.text("gatehouse.gateway.tls.key").orElse(null);
        if (certificate == null && key == null) {
            return null;
        }
        if (certificate == null || key == null) {
            throw new StartRefused("TLS needs both gatehouse.gateway.tls.certificate and gatehouse.gateway.tls.key:"
                    + " two PEM files.");
        }
        return new GatewaySettings.Tls(Path.of(certificate), Path.of(key));
    }

    private static List<String> list(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }
}
