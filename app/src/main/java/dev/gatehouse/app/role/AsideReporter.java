package dev.gatehouse.app.role;

import dev.gatehouse.kernel.aside.AsideDecision;
import dev.gatehouse.kernel.aside.AsideDecisions;
import dev.gatehouse.kernel.aside.AsideReport;
import dev.gatehouse.kernel.aside.SetAside;
import dev.gatehouse.kernel.directory.DirectoryPaths;
import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.runtime.aside.SetAsides;
import dev.gatehouse.runtime.aside.Shelf;
import dev.gatehouse.runtime.http.HttpCaller;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the directory every second what this process has set aside, and does what operators have decided about it. */
public final class AsideReporter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AsideReporter.class);
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final int OF_EACH = 200;

    private final Platform platform;
    private final Supplier<URI> directory;
    private final String process;
    private final HttpCaller caller;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    private boolean told;

    private AsideReporter(Platform platform, Supplier<URI> directory) {
        this.platform = platform;
        this.directory = directory;
        this.process = platform.settings().text("gatehouse.gateway.node", "gateway") + "/"
                + ProcessHandle.current().pid();
        this.caller = new HttpCaller(platform.vertx(), Duration.ofSeconds(5));
        this.thread = Thread.ofVirtual().name("set-aside").unstarted(this::run);
    }

    /** @param directory base address of its internal interface */
    public static AsideReporter start(Platform platform, Supplier<URI> directory) {
        AsideReporter reporter = new AsideReporter(platform, directory);
        reporter.thread.start();
        return reporter;
    }

    private void run() {
        try {
            while (!stop.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    report();
                } catch (IOException | RuntimeException e) {
                    LOG.debug("the directory does not take what was set aside; it is told again", e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void report() throws IOException {
        SetAsides asides = platform.asides();
        List<SetAside> records = asides.list(OF_EACH);
        if (records.isEmpty() && !told) {
            return;
        }
        AsideReport report = new AsideReport(
                process, records.stream().limit(AsideReport.MOST).toList(), asides.size());
        HttpCaller.Answer answer = caller.send(
                "POST",
                directory.get().resolve(DirectoryPaths.SET_ASIDE),
                Map.of(
                        "Content-Type",
                        "application/json",
                        InternalSecrets.PROCESS_HEADER,
                        platform.secrets().processToken()),
                Json.bytes(report));
        if (!answer.isSuccess()) {
            throw new IOException("the directory answered " + answer.status());
        }
        told = !records.isEmpty();
        Json.read(answer.body(), AsideDecisions.class).decisions().forEach(this::follow);
    }

    private void follow(AsideDecision decision) {
        Optional<Shelf> shelf = platform.asides().shelf(decision.source());
        try {
            boolean there = shelf.isPresent()
                    && switch (decision.kind()) {
                        case RETRY -> shelf.get().retry(decision.record());
                        case DROP -> shelf.get().drop(decision.record(), decision.reason());
                    };
            LOG.info(
                    "{} of {} from {}: {}",
                    decision.kind(),
                    decision.record(),
                    decision.source(),
                    there ? "done" : "it is not there any more");
        } catch (RuntimeException e) {
            LOG.warn("{} of {} from {} failed.", decision.kind(), decision.record(), decision.source(), e);
        }
    }

    @Override
    public void close() {
        stop.countDown();
        thread.interrupt();
        caller.close();
    }
}
