package dev.gatehouse.enrichment;

import dev.gatehouse.enrichment.address.Choice;

/** Homes, to be found and enriched. One implementation knows the real ones, one the sandbox's. */
public interface Homes {

    /** Never guesses: what may be meant comes back as candidates. */
    Choice<Home> find(Asked asked);

    Enriched enrich(Home home, Depth depth);

    /** How much is asked of a home. */
    enum Depth {
        /** Facts and the area's figures. */
        FACTS,
        /** And the value. */
        VALUED
    }
}
