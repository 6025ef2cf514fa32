package dev.gatehouse.metering;

import dev.gatehouse.kernel.id.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * What is asked of the rollups.
 *
 * @param from the first instant, taken down to its bucket's beginning
 * @param to the first instant that is not asked for
 * @param groupedBy what sums are kept apart by, besides the bucket
 */
public record UsageQuery(TenantId tenant, Instant from, Instant to, Bucket bucket, Set<Dimension> groupedBy) {

    /** The length of a slot, in UTC. */
    public enum Bucket {
        MINUTE(Duration.ofMinutes(1), Duration.ofDays(1)),
        HOUR(Duration.ofHours(1), Duration.ofDays(62)),
        DAY(Duration.ofDays(1), Duration.ofDays(400));

        private final Duration length;
        private final Duration longest;

        Bucket(Duration length, Duration longest) {
            this.length = length;
            this.longest = longest;
        }

        public Duration length() {
            return length;
        }

        /** The longest time that may be asked for at once. */
        public Duration longest() {
            return longest;
        }

        /** The beginning of the slot that holds an instant. */
        public Instant slot(Instant instant) {
            long seconds = length.toSeconds();
            return Instant.ofEpochSecond(Math.floorDiv(instant.getEpochSecond(), seconds) * seconds);
        }
    }

    /** What calls can be told apart by. */
    public enum Dimension {
        KEY,
        OPERATION,
        VERSION,
        STATUS,
        PLAN
    }

    public UsageQuery {
        groupedBy = Set.copyOf(groupedBy);
    }
}
