package dev.gatehouse.webhooks;

import dev.gatehouse.kernel.id.TenantId;
import java.time.Duration;

/**
 * What each tenant gets: its share of the deliveries while there is not enough for all, and how long they stay in its log. Asked
 * often: answers from memory.
 */
@FunctionalInterface
public interface Shares {
    /** Deliveries that a tenant may begin a second, if nobody says otherwise. */
    int PER_SECOND = 1_000;

    /** Every tenant the same. */
    Shares EQUAL = tenant -> new Share(1, PER_SECOND);

    Share of(TenantId tenant);

    /** How long a finished delivery is kept with its attempts, if nobody says otherwise. */
    Duration KEPT = Duration.ofDays(30);

    /** How long the tenant's finished deliveries are kept. */
    default Duration keep(TenantId tenant) {
        return KEPT;
    }

    /** Whether nothing may be delivered to the tenant for now. What comes meanwhile waits. */
    default boolean isSuspended(TenantId tenant) {
        return false;
    }

    /**
     * @param weight how much a tenant gets in its turn, 1 to 16: with 2 twice as much as with 1
     * @param perSecond deliveries begun a second by one worker, at the most
     */
    record Share(int weight, int perSecond) {
        public static final int MOST_WEIGHT = 16;

        public Share {
            if (weight < 1 || weight > MOST_WEIGHT || perSecond < 1) {
                throw new IllegalArgumentException("a share's weight is 1 to 16 and its rate 1 or more");
            }
        }
    }
}
