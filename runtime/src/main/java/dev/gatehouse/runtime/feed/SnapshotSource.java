package dev.gatehouse.runtime.feed;

import java.io.IOException;

/** Where a consumer that is new finds what was before it. */
@FunctionalInterface
public interface SnapshotSource {
    /** @throws IOException when the service does not give one now */
    Snapshot open() throws IOException;
}
