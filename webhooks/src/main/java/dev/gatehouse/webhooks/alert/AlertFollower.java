package dev.gatehouse.webhooks.alert;

import dev.gatehouse.kernel.identity.InternalSecrets;
import dev.gatehouse.kernel.signal.SavedAlert;
import dev.gatehouse.runtime.http.HttpCaller;
import dev.gatehouse.runtime.json.Json;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the signals service each second for alerts that changed. While it is away the copy is used as it is: an alert that
 * was saved meanwhile takes effect when it is back.
 */
public final class AlertFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AlertFollower.class);
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final AlertStore store;
    private final Supplier<URI> signals;
    private final HttpCaller caller;
    private final Map<String, String> headers;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    private AlertFollower(AlertStore store, Supplier<URI> signals, InternalSecrets secrets, HttpCaller caller) {
        this.store = store;
        this.signals = signals;
        this.caller = caller;
        this.headers = Map.of(InternalSecrets.PROCESS_HEADER, secrets.processToken());
        this.thread = Thread.ofVirtual().name("saved-alerts").unstarted(this::run);
    }

    /** @param signals where the service is; asked each time, as it may move */
    public static AlertFollower start(
            AlertStore store, Supplier<URI> signals, InternalSecrets secrets, HttpCaller caller) {
        AlertFollower follower = new AlertFollower(store, signals, secrets, caller);
        follower.thread.start();
        return follower;
    }

    private void run() {
        Duration pause = EVERY;
        try {
            do {
                try {
                    while (take()) {
                        pause = EVERY;
                    }
                    pause = EVERY;
                } catch (IOException | RuntimeException | Error e) {
                    pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
                    LOG.warn("Saved alerts cannot be followed now; next try in {}.", pause, e);
                }
            } while (!stop.await(pause.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return whether there may be more */
    private boolean take() throws IOException {
        long after = store.version();
        HttpCaller.Answer answer = caller.get(signals.get().resolve(SavedAlert.PATH + "?after=" + after), headers);
        if (answer.status() != 200) {
            throw new IOException("the signals service answered " + answer.status());
        }
        SavedAlert.Page page = Json.read(answer.body(), SavedAlert.Page.class);
        store.keep(page.alerts());
        return !page.alerts().isEmpty() && page.alerts().getLast().version() < page.last();
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            if (!thread.join(Duration.ofSeconds(5))) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
        caller.close();
    }
}
