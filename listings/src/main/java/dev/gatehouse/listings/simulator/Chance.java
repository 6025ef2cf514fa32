package dev.gatehouse.listings.simulator;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Chance that is the same for the same seed and subject, whenever and by whomever it is asked. */
final class Chance {
    private Chance() {}

    static RandomGenerator of(long seed, long subject) {
        return new SplittableRandom(mix(seed ^ mix(subject)));
    }

    /** The finalizer of SplitMix64: subjects that follow one another are far apart afterwards. */
    private static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
