package dev.gatehouse.webhooks;

import dev.gatehouse.kernel.id.TenantId;

/** What share of the deliveries each tenant gets while there is not enough for all. Asked often: answers from memory. */
@FunctionalInterface
public interface Shares {
    /** Deliveries that a tenant may begin a second, if nobody says otherwise. */
    int PER_SECOND = 1_000;

    /** Every tenant the same. */
    Shares EQUAL = tenant -> new Share(1, PER_SECOND);

    Share of(TenantId tenant);

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
