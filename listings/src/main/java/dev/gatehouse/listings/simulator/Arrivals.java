package dev.gatehouse.listings.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * When the market's arrivals come, and which home each is: evenly spread over the day, each at a chance moment of its share.
 *
 * @param began when the market opened
 * @param perDay how many homes come on the market in a day
 */
public record Arrivals(long seed, Instant began, int perDay) {
    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

    public Arrivals {
        if (perDay < 1 || perDay > 10_000) {
            throw new IllegalArgumentException("arrivals a day must be from 1 to 10000");
        }
    }

    /** @param number from 0 */
    public Instant at(long number) {
        long share = DAY_MILLIS / perDay;
        return began.plusMillis(number * share + chance(number).nextLong(share));
    }

    /** The key of the arrival's listing. */
    public static String listingKey(long number) {
        return "sim-%08d".formatted(number);
    }

    /**
     * Where among {@code homes} the arrival's home is looked for; when that one is on the market already, it is the next
     * that is not.
     */
    public int home(long number, int homes) {
        RandomGenerator chance = chance(number);
        long unused = chance.nextLong();
        return chance.nextInt(homes);
    }

    private RandomGenerator chance(long number) {
        return Chance.of(seed, number);
    }
}
