package dev.gatehouse.enrichment.answer;

import dev.gatehouse.enrichment.Enriched;

/** What an answer really costs, in units; the descriptions declare the most. */
public final class Prices {
    /** Nothing was found: nothing is charged. */
    public static final int NOT_FOUND = 0;

    /** Candidates to choose from. */
    public static final int AMBIGUOUS = 1;

    private static final int FACTS = 1;
    private static final int VALUED = 2;

    private Prices() {}

    /** One unit for facts, and one for a value if there is one. */
    public static int found(Enriched enriched) {
        return enriched.valued() == null ? FACTS : VALUED;
    }
}
