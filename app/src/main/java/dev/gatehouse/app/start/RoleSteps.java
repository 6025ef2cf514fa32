package dev.gatehouse.app.start;

import dev.gatehouse.app.installation.StartRefused;
import dev.gatehouse.app.mail.Mailbox;
import dev.gatehouse.app.role.DirectoryRole;
import dev.gatehouse.app.role.EventsRole;
import dev.gatehouse.app.role.GatewayRole;
import dev.gatehouse.app.role.MeteringRole;
import dev.gatehouse.app.role.Platform;
import dev.gatehouse.app.role.Role;
import dev.gatehouse.app.role.RunningRole;
import dev.gatehouse.directory.DirectoryModule;
import dev.gatehouse.events.EventsModule;
import dev.gatehouse.runtime.http.Endpoint;
import dev.gatehouse.runtime.http.WebServer;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Puts each role of this process together out of its module, what the process shares, and the roles that it needs. */
final class RoleSteps {
    private static final int MAX_BODY = 1 << 20;
    private static final Duration DRAIN = Duration.ofSeconds(10);

    private final Platform platform;
    private final Steps steps;
    private final Set<Role> wanted;
    private final Administration administration;
    private final Map<Role, Steps.Step<RunningRole>> begun = new EnumMap<>(Role.class);
    private Steps.@Nullable Step<DirectoryModule> directory;

    /**
     * @param ownerToken with which the installation's owner administers it
     * @param read what the process itself adds to the admin API, by path
     */
    record Administration(String ownerToken, Map<String, Endpoint> read) {}

    RoleSteps(Platform platform, Steps steps, Set<Role> wanted, Administration administration) {
        this.platform = platform;
        this.steps = steps;
        this.wanted = wanted;
        this.administration = administration;
    }

    /** Begins every role that is wanted, and returns at once. */
    Map<Role, Steps.Step<RunningRole>> begin() {
        mail();
        directory();
        events();
        begin(Role.METERING, () -> MeteringRole.start(platform, MeteringRole.open(platform), directoryUri()));
        if (wanted.contains(Role.GATEWAY)) {
            platform.ports().requireFree(platform.ports().gateway(), "gateway");
        }
        begin(Role.GATEWAY, () -> GatewayRole.start(platform, directoryUri()));
        return begun;
    }

    /** The directory's data in this process, where a role needs it. */
    Optional<DirectoryModule> directoryModule() {
        return directory == null ? Optional.empty() : Optional.of(directory.get());
    }

    private void begin(Role role, Callable<RunningRole> start) {
        if (wanted.contains(role)) {
            begun.put(role, steps.start(role.text(), start));
        }
    }

    private void directory() {
        if (!wanted.contains(Role.DIRECTORY)) {
            return;
        }
        platform.ports().requireFree(platform.ports().admin(), "administration");
        Steps.Step<DirectoryModule> opened =
                steps.start("directory data", () -> DirectoryRole.open(platform, administration.ownerToken()));
        directory = opened;
        begin(Role.DIRECTORY, () -> DirectoryRole.start(platform, opened.get(), administration.read()));
    }

    private void events() {
        if (!wanted.contains(Role.EVENTS)) {
            return;
        }
        Steps.Step<EventsModule> feed = steps.start("feed", () -> EventsRole.open(platform));
        begin(Role.EVENTS, () -> EventsRole.start(platform, feed.get(), directoryUri()));
    }

    private void mail() {
        if (platform.settings().text("gatehouse.mail.smtp.url").isPresent() || !wanted.contains(Role.MAIL)) {
            return;
        }
        platform.ports().requireFree(platform.ports().mailbox(), "mailbox");
        begin(Role.MAIL, () -> {
            Mailbox mailbox =
                    Mailbox.start(platform.vertx(), page("mail", platform.ports().mailbox()), platform.clock());
            return new RunningRole(Role.MAIL, mailbox.uri().toString(), () -> true, mailbox);
        });
    }

    /** The internal address of the directory: that of this process, or the one that the settings name. */
    private URI directoryUri() {
        Steps.Step<RunningRole> here = begun.get(Role.DIRECTORY);
        if (here != null) {
            return URI.create(String.valueOf(here.get().url()));
        }
        return platform.settings()
                .text("gatehouse.directory.url")
                .map(URI::create)
                .orElseThrow(() -> new StartRefused("This process has no directory. Add the role directory, or name the"
                        + " directory's internal address with gatehouse.directory.url."));
    }

    private WebServer.Options page(String name, int port) {
        return new WebServer.Options(name, platform.ports().host(), port, MAX_BODY, DRAIN);
    }
}
