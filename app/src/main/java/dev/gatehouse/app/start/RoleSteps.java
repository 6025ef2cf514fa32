package dev.gatehouse.app.start;

import dev.gatehouse.app.installation.StartRefused;
import dev.gatehouse.app.mail.Mailbox;
import dev.gatehouse.app.role.GatewayRole;
import dev.gatehouse.app.role.MeteringRole;
import dev.gatehouse.app.role.Platform;
import dev.gatehouse.app.role.Role;
import dev.gatehouse.app.role.RunningRole;
import dev.gatehouse.runtime.http.WebServer;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/** Puts each role of this process together out of its module, what the process shares, and the roles that it needs. */
final class RoleSteps {
    private static final int MAX_BODY = 1 << 20;
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private final Platform platform;
    private final Steps steps;
    private final Set<Role> wanted;
    private final Map<Role, Steps.Step<RunningRole>> begun = new EnumMap<>(Role.class);

    RoleSteps(Platform platform, Steps steps, Set<Role> wanted) {
        this.platform = platform;
        this.steps = steps;
        this.wanted = wanted;
    }

    /** Begins every role that is wanted, and returns at once. */
    Map<Role, Steps.Step<RunningRole>> begin() {
        mail();
        if (platform.settings().text("gatehouse.directory.url").isPresent()) {
            metering();
            gateway();
        }
        return begun;
    }

    /** The internal address of the directory: that of this process, or the one that the settings name. */
    private URI directory() {
        return platform.settings()
                .text("gatehouse.directory.url")
                .map(URI::create)
                .orElseThrow(() -> new StartRefused("This process has no directory. Add the role directory, or name the"
                        + " directory's internal address with gatehouse.directory.url."));
    }

    private void metering() {
        if (!wanted.contains(Role.METERING)) {
            return;
        }
        begun.put(
                Role.METERING,
                steps.start("metering", () -> MeteringRole.start(platform, MeteringRole.open(platform), directory())));
    }

    private void gateway() {
        if (!wanted.contains(Role.GATEWAY)) {
            return;
        }
        platform.ports().requireFree(platform.ports().gateway(), "gateway");
        begun.put(Role.GATEWAY, steps.start("gateway", () -> GatewayRole.start(platform, directory())));
    }

    private void mail() {
        boolean elsewhere = platform.settings().text("gatehouse.mail.smtp.url").isPresent();
        if (elsewhere || !wanted.contains(Role.MAIL)) {
            return;
        }
        platform.ports().requireFree(platform.ports().mailbox(), "mailbox");
        begun.put(Role.MAIL, steps.start("mail", () -> {
            Mailbox mailbox = Mailbox.start(
                    platform.vertx(), page("mail", platform.ports().mailbox()), platform.clock());
            return new RunningRole(Role.MAIL, mailbox.uri().toString(), () -> true, mailbox);
        }));
    }

    private WebServer.Options page(String name, int port) {
        return new WebServer.Options(name, platform.ports().host(), port, MAX_BODY, DRAIN);
    }
}
