package dev.gatehouse.app.engine;

import java.util.function.BooleanSupplier;

/**
 * An engine as the installation uses it.
 *
 * @param url with credentials
 * @param shownUrl without
 * @param embedded whether this process started it
 * @param alive whether it runs, as far as this process can tell without asking it
 */
public record Engine(String url, String shownUrl, boolean embedded, BooleanSupplier alive, Runnable stop)
        implements AutoCloseable {

    /** An engine that somebody else runs. */
    static Engine outside(String url, String shownUrl) {
        return new Engine(url, shownUrl, false, () -> true, () -> {});
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
