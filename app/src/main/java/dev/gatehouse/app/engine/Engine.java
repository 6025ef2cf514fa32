package dev.gatehouse.app.engine;

import dev.gatehouse.engines.EngineState;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * An engine as the installation uses it.
 *
 * @param url with credentials
 * @param shownUrl without
 * @param alive whether it runs, as far as this process can tell without asking it
 * @param state what its supervisor says; empty when somebody else runs it
 */
public record Engine(
        String url, String shownUrl, BooleanSupplier alive, Supplier<Optional<EngineState>> state, Runnable stop)
        implements AutoCloseable {

    /** An engine that somebody else runs. */
    static Engine outside(String url, String shownUrl) {
        return new Engine(url, shownUrl, () -> true, Optional::empty, () -> {});
    }

    /** The same, which counts as running only while this is true as well. */
    Engine aliveIf(BooleanSupplier answers) {
        return new Engine(url, shownUrl, () -> alive.getAsBoolean() && answers.getAsBoolean(), state, stop);
    }

    /** Whether this process started it. */
    public boolean embedded() {
        return state.get().isPresent();
    }

    @Override
    public void close() {
        stop.run();
    }

    @Override
    public String toString() {
        return shownUrl;
    }
}
