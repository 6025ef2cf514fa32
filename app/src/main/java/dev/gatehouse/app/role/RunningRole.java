package dev.gatehouse.app.role;

import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A role of this process.
 *
 * @param url where it answers; null when it answers nobody
 * @param isUp whether it does its work now
 */
public record RunningRole(Role role, @Nullable String url, BooleanSupplier isUp, AutoCloseable part)
        implements AutoCloseable {

    @Override
    public void close() throws Exception {
        part.close();
    }
}
