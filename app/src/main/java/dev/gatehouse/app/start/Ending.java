package dev.gatehouse.app.start;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * How the process ends: in good order at the first SIGTERM or Ctrl-C, and by force at the second, or when good order takes
 * longer than it may. Either way no engine outlives it.
 */
public final class Ending {
    private static final Logger LOG = LoggerFactory.getLogger(Ending.class);

    /** As shells say it: the exit code of what a signal ended. */
    private static final int SIGNALLED = 128;

    private final Up up;
    private final Consumer<String> people;
    private final AtomicInteger signals = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);

    public Ending(Up up, Consumer<String> people) {
        this.up = up;
        this.people = people;
    }

    /** From now on, also while the process still comes up. */
    public void listen() {
        for (String name : List.of("INT", "TERM")) {
            Signal signal = new Signal(name);
            SignalHandler before = Signal.handle(signal, this::signalled);
            if (SignalHandler.SIG_IGN.equals(before)) {
                // as a shell starts what it puts in the background
                SignalHandler unused = Signal.handle(signal, before);
            }
        }
        // whatever else ends a JVM, such as a terminal that is closed
        Runtime.getRuntime().addShutdownHook(new Thread(() -> inGoodOrder(SIGNALLED), "stop"));
    }

    public boolean hasBegun() {
        return signals.get() > 0;
    }

    /** Waits for the end of the process. */
    public void await() throws InterruptedException {
        ended.await();
    }

    private void signalled(Signal signal) {
        int code = SIGNALLED + signal.getNumber();
        if (signals.incrementAndGet() == 1) {
            Thread.ofPlatform().name("stop-on-" + signal.getName()).start(() -> {
                inGoodOrder(code);
                System.exit(code);
            });
        } else {
            force("Stopping at once.", code);
        }
    }

    private void inGoodOrder(int code) {
        synchronized (this) {
            if (ended.getCount() == 0) {
                return;
            }
            Thread watch = Thread.ofPlatform().daemon().name("stop-limit").start(() -> watch(code));
            people.accept("Stopping …");
            signals.compareAndSet(0, 1);
            up.close();
            // an engine that was still on its way up
            endChildren();
            people.accept("Stopped.");
            ended.countDown();
            watch.interrupt();
        }
    }

    private void watch(int code) {
        Duration limit = up.stopLimit();
        try {
            if (!ended.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                force(
                        String.format(
                                Locale.ROOT,
                                "Not stopped after %.1f s: ending what is left by force.",
                                limit.toMillis() / 1000.0),
                        code);
            }
        } catch (InterruptedException e) {
            // stopped in time
        }
    }

    /** What was stored stays stored: PostgreSQL and Redis recover from their logs, the gateway from its journal. */
    private void force(String why, int code) {
        people.accept(why);
        LOG.warn("{}", why);
        endChildren();
        Runtime.getRuntime().halt(code);
    }

    private static void endChildren() {
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    }
}
