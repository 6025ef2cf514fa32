package dev.gatehouse.enrichment.address;

import java.util.Comparator;
import java.util.List;

/** What becomes of the candidates for something that was asked for. */
public sealed interface Choice<T> {

    /** @param score 0 to 1 */
    record Candidate<T>(T value, double score) {}

    /** One is meant. */
    record One<T>(Candidate<T> candidate) implements Choice<T> {}

    /** Several may be meant, or one not surely enough: the caller has to say. Best first. */
    record Several<T>(List<Candidate<T>> candidates) implements Choice<T> {}

    /** Nothing like it is known. */
    record None<T>() implements Choice<T> {}

    /** The score that one alone needs to be taken for the one that is meant. */
    double SURE = 0.7;

    /** The score below which nothing is shown. */
    double LEAST = 0.5;

    /** How much better than the next the best must be. */
    double AHEAD = 0.1;

    /** Candidates that are shown at the most. */
    int MOST = 10;

    /** Never guesses: a second candidate that is nearly as good makes it {@link Several}. */
    static <T> Choice<T> among(List<Candidate<T>> candidates) {
        List<Candidate<T>> ranked = candidates.stream()
                .filter(candidate -> candidate.score() >= LEAST)
                .sorted(Comparator.comparingDouble((Candidate<T> candidate) -> candidate.score())
                        .reversed())
                .limit(MOST)
                .toList();
        if (ranked.isEmpty()) {
            return new None<>();
        }
        Candidate<T> best = ranked.getFirst();
        boolean alone = ranked.size() == 1 || best.score() - ranked.get(1).score() >= AHEAD - 1e-9;
        return best.score() >= SURE && alone ? new One<>(best) : new Several<>(ranked);
    }
}
