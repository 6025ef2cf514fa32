package dev.gatehouse.app.command;

import dev.gatehouse.app.listen.Listener;
import dev.gatehouse.app.listen.SignatureCheck;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
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

    @Option(names = "--secret", paramLabel = "SECRET", description = "The endpoint's secret, whsec_…")
    @Nullable
    String secret;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = command.commandLine().getOut();
        Vertx vertx = Vertx.vertx();
        try (Listener listener = new Listener(
                vertx, port, Optional.ofNullable(secret).map(SignatureCheck::new), InstantSource.system(), line -> {
                    out.println(line);
                    out.flush();
                })) {
            out.println("Listening on " + listener.uri() + "/. Ctrl-C stops it.");
            out.flush();
            new CountDownLatch(1).await();
            return Exit.DONE;
        } catch (IOException e) {
            throw new CommandFailure(Exit.FAILED, "Port " + port + " is taken. Choose another.");
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(Exit.USAGE, String.valueOf(e.getMessage()));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
