package dev.gatehouse.listings.simulator;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the simulated market up with the instance's clock. What was due while nobody ran it is made up for in order. */
public final class MarketSimulator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MarketSimulator.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(10);

    /**
     * @param seed of all chance in it
     * @param arrivalsPerDay homes that come on the market in a day
     */
    public record Options(long seed, int arrivalsPerDay) {
        /** How long before its first run the market opened, so that there is something to see at once. */
        public static final Duration HEAD_START = Duration.ofDays(60);

        public static Options usual() {
            return new Options(20_260_301, 48);
        }
    }

    private final Simulation simulation;
    private final InstantSource clock;
    private final Runnable before;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("market-simulator").unstarted(this::run);

    private MarketSimulator(Simulation simulation, InstantSource clock, Runnable before) {
        this.simulation = simulation;
        this.clock = clock;
        this.before = before;
    }

    /** @param before is done first, on the simulator's thread, until it does not fail */
    public static MarketSimulator start(Simulation simulation, InstantSource clock, Runnable before) {
        MarketSimulator simulator = new MarketSimulator(simulation, clock, before);
        simulator.thread.start();
        return simulator;
    }

    private void run() {
        boolean begun = false;
        Duration pause = Duration.ZERO;
        try {
            while (!stop.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    if (!begun) {
                        before.run();
                        begun = true;
                    }
                    pause = simulation.advance(clock.instant()) ? Duration.ZERO : TICK;
                } catch (RuntimeException | Error e) {
                    pause = AFTER_FAILURE;
                    LOG.warn("The market simulator stands still; it goes on in {}.", pause, e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            if (!thread.join(Duration.ofSeconds(10))) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
