package dev.gatehouse.kernel.directory;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Upstreams that are equal to each other.
 *
 * @param targets base addresses, as in {@code http://127.0.0.1:9000}
 * @param healthPath asked of each target to learn whether it is well; null for none
 * @param maxConcurrent calls in flight to the pool before tenants wait in turn; 0 lets it adapt
 */
public record PoolEntry(
        String name, List<String> targets, @Nullable String healthPath, int maxConcurrent) {

    public PoolEntry {
        targets = List.copyOf(targets);
    }
}
