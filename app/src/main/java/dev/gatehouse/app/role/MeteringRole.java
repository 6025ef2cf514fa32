package dev.gatehouse.app.role;

import dev.gatehouse.kernel.directory.RouteDeclaration;
import dev.gatehouse.metering.MeteringModule;
import dev.gatehouse.metering.MeteringSettings;
import dev.gatehouse.runtime.http.CallerGuard;
import dev.gatehouse.runtime.http.HttpCaller;
import dev.gatehouse.runtime.http.Router;
import dev.gatehouse.runtime.http.WebServer;
import java.io.IOException;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Puts metering together: the ledger's writers, and the usage API behind the gateway. */
public final class MeteringRole {
    private static final String NAME = "usage";
    private static final Duration DIRECTORY_PATIENCE = Duration.ofSeconds(2);

    private MeteringRole() {}

    /** @param module open already; it is closed with the role */
    public static RunningRole start(Platform platform, MeteringModule module, URI directory) throws IOException {
        platform.asides().add(module.deadLetters(platform.redis().get()));
        Router router = new Router();
        module.mount(router, platform.redis().get());
        WebServer server = WebServer.start(
                platform.vertx(),
                WebServer.Options.loopback("metering"),
                router,
                new CallerGuard(platform.secrets(), NAME, platform.clock()),
                platform.clock());
        HttpCaller caller = new HttpCaller(platform.vertx(), DIRECTORY_PATIENCE);
        module.startWriters(
                platform.redis().get(),
                new HttpTenantDirectory(caller, directory, platform.secrets()),
                "metering-" + ProcessHandle.current().pid(),
                platform.telemetry().meters());
        RouteAnnouncement announcement = RouteAnnouncement.begin(
                platform,
                directory,
                RouteDeclaration.of(
                        NAME,
                        NAME,
                        List.of("/v2/account/usage"),
                        MeteringModule.description().text(),
                        server.uri().toString()));
        return new RunningRole(
                Role.METERING,
                server.uri().toString(),
                announcement::isTaken,
                Parts.of(announcement, server, module, caller));
    }

    public static MeteringModule open(Platform platform) throws SQLException {
        return MeteringModule.open(
                platform.database().get(), MeteringSettings.of(platform.settings()), platform.clock());
    }
}
