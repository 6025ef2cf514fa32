package dev.gatehouse.listings.simulator;

import java.time.Instant;

/** How far the simulated market has come, kept with the listings. */
public interface Simulation {
    /**
     * Does the next of what is due, in the order of time and in one transaction with its events.
     *
     * @return whether there may be more
     */
    boolean advance(Instant now);
}
