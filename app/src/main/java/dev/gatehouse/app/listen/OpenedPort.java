package dev.gatehouse.app.listen;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A port of this machine that is open to one tenant's deliveries for as long as this object is: it is opened for a minute at
 * a time, so that it closes by itself when the process dies.
 */
public final class OpenedPort implements AutoCloseable {
    /** For how long the port is opened each time. */
    public static final Duration LEASE = Duration.ofSeconds(60);

    private static final Duration RENEWAL = Duration.ofSeconds(20);

    /** Opens and closes the port, with an operator's authority. */
    public interface Gate {
        /** Opens the port for {@link #LEASE} from now. */
        void open();

        void close();
    }

    private final Gate gate;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("listen-renews").daemon().factory());

    private OpenedPort(Gate gate) {
        this.gate = gate;
    }

    /** Opens the port and keeps it open. What {@code gate} throws the first time comes through. */
    public static OpenedPort open(Gate gate) {
        gate.open();
        OpenedPort opened = new OpenedPort(gate);
        opened.timer.scheduleWithFixedDelay(
                opened::renew, RENEWAL.toMillis(), RENEWAL.toMillis(), TimeUnit.MILLISECONDS);
        return opened;
    }

    /** Gatehouse may be away for a moment; the next renewal opens the port again. */
    private void renew() {
        try {
            gate.open();
        } catch (RuntimeException e) {
            System.err.println("The port could not be kept open: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        gate.close();
    }
}
