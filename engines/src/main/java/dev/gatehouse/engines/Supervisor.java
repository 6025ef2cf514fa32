package dev.gatehouse.engines;

import dev.gatehouse.engines.EngineState.Condition;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts an embedded engine again whenever it has ended and nobody asked it to, on the same port and the same data, so that
 * its clients find it where it was. It waits between attempts ({@link RestartPace}) and never gives up; each death, each
 * failed attempt and each return is said in a sentence, in the log and to whoever runs the process.
 */
public final class Supervisor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final Duration END_PATIENCE = Duration.ofSeconds(4);

    private final Consumer<String> people;
    private final InstantSource clock;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private EmbeddedServer server;
    private int restarts;
    private @Nullable Instant lastEnd;
    private String note = "";
    private boolean up = true;

    private Supervisor(EmbeddedServer first, Consumer<String> people, InstantSource clock) {
        this.server = first;
        this.people = people;
        this.clock = clock;
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("supervisor-" + first.name().toLowerCase(Locale.ROOT))
                .unstarted(this::watch);
    }

    /**
     * Watches a server that runs, which belongs to the supervisor from now on.
     *
     * @param people are told in sentences what happens to it
     */
    public static Supervisor of(EmbeddedServer running, Consumer<String> people, InstantSource clock) {
        Supervisor supervisor = new Supervisor(running, people, clock);
        supervisor.thread.start();
        return supervisor;
    }

    public synchronized EngineState state() {
        Condition condition =
                isClosing() ? Condition.STOPPED : up && server.isAlive() ? Condition.UP : Condition.RESTARTING;
        return new EngineState(condition, restarts, lastEnd, note);
    }

    public boolean isUp() {
        return state().condition() == Condition.UP;
    }

    /** Stops watching, then stops the server. */
    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
        try {
            // an attempt under way is broken off, and what it had started is ended by it
            thread.join(END_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        current().close();
    }

    private synchronized EmbeddedServer current() {
        return server;
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void watch() {
        int failures = 0;
        try {
            while (true) {
                long begun = System.nanoTime();
                String how = current().awaitEnd();
                if (isClosing()) {
                    return;
                }
                boolean wasWell = System.nanoTime() - begun >= RestartPace.WELL.toNanos();
                failures = wasWell ? 0 : failures;
                ended(how, RestartPace.before(failures));
                failures = restart(failures);
            }
        } catch (InterruptedException e) {
            // closed; nobody waits for this thread's flag
        }
    }

    /** @return failures in a row, including the new server, which has yet to show that it lasts */
    private int restart(int before) throws InterruptedException {
        int failures = before;
        long begun = System.nanoTime();
        while (true) {
            if (closing.await(RestartPace.before(failures).toNanos(), TimeUnit.NANOSECONDS)) {
                throw new InterruptedException("closed");
            }
            failures++;
            try {
                EmbeddedServer next = current().again();
                cameBack(next, (System.nanoTime() - begun) / 1_000_000);
                return failures;
            } catch (EngineException e) {
                if (isClosing()) {
                    throw new InterruptedException("closed");
                }
                failed(e, failures);
            }
        }
    }

    private void ended(String how, Duration pause) {
        String what = current().name() + " " + how + ". Gatehouse restarts it"
                + (pause.isZero() ? "" : " in " + seconds(pause)) + ".";
        synchronized (this) {
            up = false;
            lastEnd = clock.instant();
            note = what;
        }
        say(what);
    }

    private void failed(EngineException failure, int attempts) {
        String what = current().name() + " did not come up (attempt " + attempts + "): " + failure.getMessage()
                + " Gatehouse tries again in " + seconds(RestartPace.before(attempts)) + ".";
        synchronized (this) {
            note = what;
        }
        say(what);
    }

    private void cameBack(EmbeddedServer next, long millis) {
        String what;
        synchronized (this) {
            server = next;
            restarts++;
            up = true;
            what = String.format(
                    Locale.ROOT, "%s is back after %.1f s (restart %d).", next.name(), millis / 1000.0, restarts);
            note = what;
        }
        say(what);
    }

    private void say(String what) {
        LOG.warn("{}", what);
        people.accept(what);
    }

    private static String seconds(Duration duration) {
        return String.format(
                Locale.ROOT, duration.toMillis() % 1000 == 0 ? "%.0f s" : "%.2f s", duration.toMillis() / 1000.0);
    }
}
