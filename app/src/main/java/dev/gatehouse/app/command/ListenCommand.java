package dev.gatehouse.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.gatehouse.app.listen.Listener;
import dev.gatehouse.app.listen.OpenedPort;
import dev.gatehouse.app.listen.SignatureCheck;
import dev.gatehouse.app.listen.TrialEndpoint;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "listen", description = "Receive webhooks on a port of this machine, print and verify them.")
final class ListenCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec command;

    @Parameters(paramLabel = "PORT", description = "Where to listen on 127.0.0.1.")
    int port;

    @Option(names = "--secret", paramLabel = "SECRET", description = "The secret of an endpoint that is there, whsec_…")
    @Nullable
    String secret;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "An API key: makes an endpoint that leads here, for as long as this listens. Without key and"
                    + " secret it is the demo tenant's, when Gatehouse runs on this machine.")
    @Nullable
    String key;

    @Option(
            names = "--events",
            paramLabel = "TYPE",
            split = ",",
            description = "Event types of that endpoint, as in listing.price_changed; all when left out.")
    List<String> events = List.of();

    @Option(
            names = "--gateway",
            paramLabel = "URL",
            description = "Where the API is; when left out, that of the Gatehouse on this machine.")
    @Nullable
    URI gateway;

    @Mixin
    final Connection connection = new Connection();

    private static final String SHOWN_TYPE = "listing.price_changed";
    private static final String USUAL_GATEWAY = "http://127.0.0.1:8080";

    private final AtomicReference<SignatureCheck> check = new AtomicReference<>();

    @Override
    public Integer call() throws InterruptedException {
        Vertx vertx = Vertx.vertx();
        try {
            if (secret != null) {
                check.set(new SignatureCheck(secret));
            }
            try (Listener listener = new Listener(
                    vertx, port, () -> Optional.ofNullable(check.get()), InstantSource.system(), this::say)) {
                return listen(vertx, listener);
            }
        } catch (IOException e) {
            throw new CommandFailure(Exit.FAILED, "Port " + port + " is taken. Choose another.");
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(Exit.USAGE, String.valueOf(e.getMessage()));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private int listen(Vertx vertx, Listener listener) throws InterruptedException {
        Optional<TrialEndpoint> endpoint = secret == null ? lead(vertx) : Optional.empty();
        say("Listening on " + listener.uri() + "/. Ctrl-C stops it.");
        endpoint.ifPresent(this::show);
        new CountDownLatch(1).await();
        return Exit.DONE;
    }

    /**
     * Makes the endpoint that leads here, with the key that was given or the demo tenant's. Deliveries go to public
     * addresses only, so this port is opened to the tenant's deliveries first, with an operator's authority.
     */
    private Optional<TrialEndpoint> lead(Vertx vertx) {
        Optional<AdminClient> reached = reach();
        JsonNode status = reached.map(admin -> admin.get("/status")).orElse(MissingNode.getInstance());
        String with = key == null ? status.at("/demo/key").asText("") : key;
        if (reached.isEmpty() || with.isEmpty()) {
            say("No Gatehouse " + (key == null ? "with a demo tenant " : "")
                    + "runs on this machine, so no endpoint leads here. Start one with gatehouse up, or name its data"
                    + " folder with --data; or give the secret of an endpoint with --secret.");
            return Optional.empty();
        }
        URI api = gateway == null ? URI.create(status.at("/gateway/url").asText(USUAL_GATEWAY)) : gateway;
        OpenedPort opened = open(reached.get(), tenant(vertx, reached.get(), status, api, with));
        TrialEndpoint endpoint = endpoint(vertx, api, with, opened);
        check.set(endpoint.check());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> takeAway(endpoint, opened), "listen-ends"));
        say("The endpoint " + endpoint.id() + (key == null ? " of the demo tenant" : "")
                + " leads here until you stop. It gets "
                + (events.isEmpty() ? "every event." : String.join(", ", events) + "."));
        return Optional.of(endpoint);
    }

    /** The id of the tenant whose key it is. */
    private String tenant(Vertx vertx, AdminClient admin, JsonNode status, URI api, String with) {
        if (key == null) {
            return status.at("/demo/tenant").asText();
        }
        try {
            String name = TrialEndpoint.tenant(vertx, api, with);
            return admin.get("/tenants/" + PathText.segment(name)).path("id").asText();
        } catch (IOException e) {
            throw new CommandFailure(Exit.REFUSED, "No endpoint was made: " + e.getMessage());
        }
    }

    private OpenedPort open(AdminClient admin, String tenant) {
        return OpenedPort.open(new OpenedPort.Gate() {
            @Override
            public void open() {
                admin.change(
                        "POST",
                        "/webhooks/receivers?reason=gatehouse+listen",
                        Map.of("tenant", tenant, "port", port, "seconds", OpenedPort.LEASE.toSeconds()));
            }

            @Override
            public void close() {
                admin.change("DELETE", "/webhooks/receivers/" + tenant + "/" + port + "?reason=gatehouse+listen", null);
            }
        });
    }

    /** The first real event may be a while in coming. */
    private void show(TrialEndpoint endpoint) {
        try {
            say(
                    "A test event comes at once, others as they happen; the simulated market changes a price about twice an hour.");
            endpoint.sendTest(events.isEmpty() ? SHOWN_TYPE : events.getFirst());
        } catch (IOException e) {
            say("No test event comes: " + e.getMessage());
        }
    }

    /** The administration of the Gatehouse on this machine, or of the one that was named; empty when none runs. */
    private Optional<AdminClient> reach() {
        try {
            return Optional.of(connection.open());
        } catch (CommandFailure e) {
            if (connection.isNamed()) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private TrialEndpoint endpoint(Vertx vertx, URI api, String with, OpenedPort opened) {
        try {
            return TrialEndpoint.make(vertx, api, with, URI.create("http://127.0.0.1:" + port + "/"), events);
        } catch (IOException e) {
            opened.close();
            throw new CommandFailure(Exit.REFUSED, "No endpoint was made: " + e.getMessage());
        }
    }

    private static void takeAway(TrialEndpoint endpoint, OpenedPort opened) {
        try {
            endpoint.close();
        } catch (IOException e) {
            System.err.println("The endpoint " + endpoint.id() + " could not be deleted: " + e.getMessage());
        }
        try {
            opened.close();
        } catch (RuntimeException e) {
            System.err.println("The port could not be closed to deliveries: " + e.getMessage()
                    + " It closes by itself within " + OpenedPort.LEASE.toSeconds() + " s.");
        }
    }

    private void say(String line) {
        PrintWriter out = command.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
