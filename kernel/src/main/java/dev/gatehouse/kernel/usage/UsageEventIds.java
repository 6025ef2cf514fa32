package dev.gatehouse.kernel.usage;

import dev.gatehouse.kernel.id.PrefixedId;

/**
 * Makes the ids of one producer's events out of what already makes them unique, so that none needs chance: the
 * millisecond, 48 bits of a hash of producer and epoch, and the low 32 bits of the sequence.
 */
public final class UsageEventIds {
    /** The prefix of an event's id. */
    public static final String PREFIX = "evt";

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final long LOW = 0xffff_ffffL;

    private final long hash;

    public UsageEventIds(String producer, long epoch) {
        long h = FNV_OFFSET;
        for (int i = 0; i < producer.length(); i++) {
            h = (h ^ producer.charAt(i)) * FNV_PRIME;
        }
        for (int shift = 0; shift < Long.SIZE; shift += 8) {
            h = (h ^ (epoch >>> shift & 0xff)) * FNV_PRIME;
        }
        hash = h;
    }

    /** The id of the event with this sequence number, admitted at this millisecond since 1970. */
    public String id(long millis, long seq) {
        return PrefixedId.of(PREFIX, millis, hash >>> 48, (hash & LOW) << 32 | seq & LOW);
    }
}
