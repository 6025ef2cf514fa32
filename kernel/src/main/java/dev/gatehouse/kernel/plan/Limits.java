package dev.gatehouse.kernel.plan;

/**
 * What a tenant may consume, in units.
 *
 * @param daily the quota: units per UTC day
 * @param refillPerMinute units that flow back into the burst bucket each minute, evenly
 * @param burst the bucket's size: units that may be taken at once
 */
public record Limits(long daily, long refillPerMinute, long burst) {
    /** The largest value of any limit: in sixty-millionths of a unit it stays inside the 53 bits that Lua holds exactly. */
    public static final long MAX = 100_000_000L;

    public Limits {
        require("daily", daily);
        require("refillPerMinute", refillPerMinute);
        require("burst", burst);
    }

    private static void require(String field, long value) {
        if (value < 1 || value > MAX) {
            throw new IllegalArgumentException(field + " is " + value + ": must be 1 to " + MAX);
        }
    }
}
