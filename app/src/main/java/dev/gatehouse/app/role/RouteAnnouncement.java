package dev.gatehouse.app.role;

import dev.gatehouse.kernel.directory.DirectoryPaths;
import dev.gatehouse.kernel.directory.RouteDeclaration;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.runtime.http.HttpCaller;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a service known to the directory, so that gateways lead calls to it. The directory may come up later, or in
 * another process: it is asked again until it takes the route.
 */
final class RouteAnnouncement implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RouteAnnouncement.class);
    private static final Duration AGAIN = Duration.ofMillis(250);
    private static final int SAID_EVERY = 40;

    private final HttpCaller caller;
    private final URI directory;
    private final InternalSecrets secrets;
    private final RouteDeclaration route;
    private final Thread thread;
    private volatile boolean taken;

    private RouteAnnouncement(HttpCaller caller, URI directory, InternalSecrets secrets, RouteDeclaration route) {
        this.caller = caller;
        this.directory = directory;
        this.secrets = secrets;
        this.route = route;
        this.thread = Thread.ofVirtual().name("announce-" + route.name()).unstarted(this::announce);
    }

    static RouteAnnouncement begin(Platform platform, URI directory, RouteDeclaration route) {
        RouteAnnouncement announcement = new RouteAnnouncement(
                new HttpCaller(platform.vertx(), Duration.ofSeconds(5)), directory, platform.secrets(), route);
        announcement.thread.start();
        return announcement;
    }

    /** Whether the directory has the route. */
    boolean isTaken() {
        return taken;
    }

    private void announce() {
        try {
            for (int i = 0; !taken; i++) {
                String answer = offer();
                if (taken) {
                    LOG.info(
                            "the directory has the route {} to {}",
                            route.name(),
                            route.pools().getFirst().targets());
                    return;
                }
                if (i % SAID_EVERY == 0) {
                    LOG.warn("the directory at {} does not take the route {} yet: {}", directory, route.name(), answer);
                }
                Thread.sleep(AGAIN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String offer() {
        try {
            HttpCaller.Answer answer = caller.send(
                    "PUT",
                    directory.resolve(DirectoryPaths.ROUTES + "/" + route.name()),
                    Map.of("Content-Type", "application/json", InternalSecrets.PROCESS_HEADER, secrets.processToken()),
                    Json.bytes(route));
            taken = answer.isSuccess();
            return answer.status() + " " + new String(answer.body(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        caller.close();
    }
}
