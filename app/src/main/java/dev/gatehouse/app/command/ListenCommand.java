package dev.gatehouse.app.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.gatehouse.app.listen.Listener;
import dev.gatehouse.app.listen.SignatureCheck;
import dev.gatehouse.app.listen.TrialEndpoint;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
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

    /** Makes the endpoint that leads here, with the key that was given or the demo tenant's. */
    private Optional<TrialEndpoint> lead(Vertx vertx) {
        JsonNode status = running();
        String demo = status.at("/demo/key").asText("");
        String with = key == null ? demo : key;
        if (with.isEmpty()) {
            say(
                    "No Gatehouse with a demo tenant runs on this machine, so no endpoint leads here. Give a key with --key, or"
                            + " the secret of an endpoint with --secret.");
            return Optional.empty();
        }
        URI api = gateway == null ? URI.create(status.at("/gateway/url").asText(USUAL_GATEWAY)) : gateway;
        TrialEndpoint endpoint = endpoint(vertx, api, with);
        check.set(endpoint.check());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> takeAway(endpoint), "listen-ends"));
        say("The endpoint " + endpoint.id() + (key == null ? " of the demo tenant" : "")
                + " leads here until you stop. It gets "
                + (events.isEmpty() ? "every event." : String.join(", ", events) + "."));
        return Optional.of(endpoint);
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

    /** What the Gatehouse on this machine says of itself; nothing when none runs and none was named. */
    private JsonNode running() {
        try {
            return connection.open().get("/status");
        } catch (CommandFailure e) {
            if (connection.isNamed()) {
                throw e;
            }
            return MissingNode.getInstance();
        }
    }

    private TrialEndpoint endpoint(Vertx vertx, URI api, String with) {
        try {
            return TrialEndpoint.make(vertx, api, with, URI.create("http://127.0.0.1:" + port + "/"), events);
        } catch (IOException e) {
            throw new CommandFailure(Exit.REFUSED, "No endpoint was made: " + e.getMessage());
        }
    }

    private static void takeAway(TrialEndpoint endpoint) {
        try {
            endpoint.close();
        } catch (IOException e) {
            System.err.println("The endpoint " + endpoint.id() + " could not be deleted: " + e.getMessage());
        }
    }

    private void say(String line) {
        PrintWriter out = command.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
