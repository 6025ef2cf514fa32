package dev.gatehouse.directory.aside;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record that was set aside, as operators see it.
 *
 * @param id names source and record, the same whichever process tells of it
 * @param processes that have told of it, with the run's number behind the name
 * @param reportedAt when one last did
 */
public record AsideView(
        String id,
        String source,
        String record,
        String reason,
        Instant firstSeen,
        Instant lastSeen,
        long times,
        long bytes,
        @Nullable String digest,
        List<String> processes,
        Instant reportedAt) {
    public AsideView {
        processes = List.copyOf(processes);
    }
}
