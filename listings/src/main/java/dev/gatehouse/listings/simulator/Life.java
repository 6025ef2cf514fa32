package dev.gatehouse.listings.simulator;

import dev.gatehouse.listings.StandardStatus;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The whole life of a simulated listing, a function of the seed and its number: it comes on the market at the home's last
 * sale price times {@link #PRICE_FACTOR}, its price is cut while nobody wants it, and it goes under contract and is sold, or
 * is withdrawn, expires or is canceled. Some contracts fall through and the home is back on the market; some homes are sold
 * above what was asked.
 *
 * <p>The shares and durations are made up so that each status and signal is to be seen; they were fitted to no market.
 */
public final class Life {
    /** From a home's last sale price, of the 1990s, to what is asked for it today. */
    public static final BigDecimal PRICE_FACTOR = new BigDecimal("2.40");

    private static final double COMING_SOON = 0.12;
    private static final double CANCELED = 0.04;
    private static final double WITHDRAWN = 0.06;
    private static final double UNDER_CONTRACT_FIRST = 0.35;
    private static final double FALLS_THROUGH = 0.09;
    private static final double SOLD_ABOVE_LIST = 0.22;
    private static final double MEAN_DAYS_TO_OFFER = 30;
    private static final double LISTING_AGREEMENT_DAYS = 120;
    private static final int MOST_CUTS = 3;

    private final RandomGenerator chance;
    private final List<Step> steps = new ArrayList<>();
    private Instant at;
    private BigDecimal price;
    private int cuts;

    private Life(RandomGenerator chance, Instant arrived, BigDecimal listPrice) {
        this.chance = chance;
        this.at = arrived;
        this.price = listPrice;
    }

    /** What is asked first for a home. */
    public static BigDecimal listPrice(BigDecimal lastSalePrice) {
        return lastSalePrice
                .multiply(PRICE_FACTOR)
                .setScale(0, RoundingMode.HALF_EVEN)
                .setScale(2);
    }

    /**
     * All that happens to the listing, in order; the first step, at its arrival, is the status in which it comes.
     *
     * @param number of the arrival
     */
    public static List<Step> of(long seed, long number, Instant arrived, BigDecimal lastSalePrice) {
        Life life = new Life(Chance.of(~seed, number), arrived, listPrice(lastSalePrice));
        life.live();
        return List.copyOf(life.steps);
    }

    private void live() {
        if (chance.nextDouble() < COMING_SOON) {
            move(StandardStatus.COMING_SOON);
            pass(3, 10);
        }
        move(StandardStatus.ACTIVE);
        Instant last = after(LISTING_AGREEMENT_DAYS);
        if (chance.nextDouble() < WITHDRAWN) {
            pass(10, 40);
            move(StandardStatus.WITHDRAWN);
            if (chance.nextBoolean()) {
                return;
            }
            pass(7, 20);
            move(StandardStatus.ACTIVE);
        }
        double mean = MEAN_DAYS_TO_OFFER;
        while (true) {
            double days = 2 - mean * Math.log(1 - chance.nextDouble());
            Instant offer = after(days).isAfter(last) ? last : after(days);
            cutUntil(offer);
            at = offer;
            if (offer.equals(last)) {
                move(StandardStatus.EXPIRED);
                return;
            }
            if (chance.nextDouble() < CANCELED) {
                move(StandardStatus.CANCELED);
                return;
            }
            if (chance.nextDouble() < UNDER_CONTRACT_FIRST) {
                move(StandardStatus.ACTIVE_UNDER_CONTRACT);
                pass(2, 6);
            }
            move(StandardStatus.PENDING);
            if (chance.nextDouble() >= FALLS_THROUGH) {
                pass(15, 40);
                sell();
                return;
            }
            pass(4, 14);
            move(StandardStatus.ACTIVE);
            mean = 12;
            last = last.isAfter(after(30)) ? last : after(30);
        }
    }

    private void cutUntil(Instant offer) {
        while (cuts < MOST_CUTS) {
            Instant cut = after(14 + chance.nextDouble() * 14);
            if (!cut.isBefore(offer)) {
                return;
            }
            at = cut;
            cuts++;
            price = rounded(price.doubleValue() * (1 - 0.015 - 0.04 * chance.nextDouble()));
            steps.add(new Step.Repriced(at, price));
        }
    }

    private void sell() {
        double ratio = chance.nextDouble() < SOLD_ABOVE_LIST
                ? 1.005 + 0.045 * chance.nextDouble()
                : 0.95 + 0.05 * chance.nextDouble();
        steps.add(new Step.Sold(at, rounded(price.doubleValue() * ratio)));
    }

    private void move(StandardStatus status) {
        steps.add(new Step.Moved(at, status));
    }

    private void pass(double leastDays, double mostDays) {
        at = after(leastDays + chance.nextDouble() * (mostDays - leastDays));
    }

    private Instant after(double days) {
        return at.plus(Duration.ofSeconds((long) (days * 86_400)));
    }

    private static BigDecimal rounded(double dollars) {
        return BigDecimal.valueOf(Math.round(dollars / 100) * 100).setScale(2);
    }
}
