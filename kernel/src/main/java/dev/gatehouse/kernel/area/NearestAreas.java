package dev.gatehouse.kernel.area;

import dev.gatehouse.kernel.text.Nearest;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Known areas whose names are like one that is not known, for the refusal that answers it. */
public final class NearestAreas {

    private record Candidate(String name, int distance) {}

    private NearestAreas() {}

    /**
     * @param known as {@link Area#text()} writes them
     * @return at most {@code most}, the likeliest first; areas of the same kind before others
     */
    public static List<String> to(Area asked, Collection<String> known, int most) {
        String kind = asked.kind().text() + ":";
        return known.stream()
                .map(name -> new Candidate(name, distance(asked, kind, name)))
                .sorted(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
                .limit(most)
                .map(Candidate::name)
                .toList();
    }

    private static int distance(Area asked, String kind, String name) {
        String code = name.substring(name.indexOf(':') + 1);
        int unlike = name.startsWith(kind) ? 0 : 1_000;
        // a county without its state is meant to be completed
        return unlike + (code.startsWith(asked.code()) ? 0 : Nearest.edits(asked.code(), code));
    }
}
