package dev.gatehouse.app.command;

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
            description = "An API key: makes an endpoint that leads here, for as long as this listens.")
    @Nullable
    String key;

    @Option(
            names = "--events",
            paramLabel = "TYPE",
            split = ",",
            description = "With --key: event types, as in listing.price_changed; all when left out.")
    List<String> events = List.of();

    @Option(
            names = "--gateway",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "With --key: where the API is (${DEFAULT-VALUE}).")
    URI gateway = URI.create("http://127.0.0.1:8080");

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
        if (key != null) {
            TrialEndpoint endpoint = endpoint(vertx, key);
            check.set(endpoint.check());
            Runtime.getRuntime().addShutdownHook(new Thread(() -> takeAway(endpoint), "listen-ends"));
            say("The endpoint " + endpoint.id() + " leads here until you stop.");
        }
        say("Listening on " + listener.uri() + "/. Ctrl-C stops it.");
        new CountDownLatch(1).await();
        return Exit.DONE;
    }

    private TrialEndpoint endpoint(Vertx vertx, String with) {
        try {
            return TrialEndpoint.make(vertx, gateway, with, URI.create("http://127.0.0.1:" + port + "/"), events);
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
