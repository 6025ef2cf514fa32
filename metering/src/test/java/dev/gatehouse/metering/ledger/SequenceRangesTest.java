package dev.gatehouse.metering.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Ranges of sequence numbers")
final class SequenceRangesTest {
    @Test
    @DisplayName("hold the same numbers as a set does, whatever the order they come in")
    void likeASet() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            SequenceRanges ranges = new SequenceRanges();
            TreeSet<Long> set = new TreeSet<>();
            for (int i = 0; i < 60; i++) {
                long first = 1 + random.nextInt(100);
                long last = first + (random.nextBoolean() ? 0 : random.nextInt(10));
                if (first == last) {
                    assertThat(ranges.add(first)).isEqualTo(set.add(first));
                } else {
                    ranges.add(first, last);
                    for (long n = first; n <= last; n++) {
                        set.add(n);
                    }
                }
            }
            long upTo = 0;
            while (set.contains(upTo + 1)) {
                upTo++;
            }
            SequenceRanges missing = ranges.missingUpTo(120);
            for (long n = 1; n <= 120; n++) {
                assertThat(ranges.contains(n)).as("seed %d, number %d", seed, n).isEqualTo(set.contains(n));
                assertThat(missing.contains(n)).isEqualTo(!set.contains(n));
            }
            assertThat(ranges.upTo()).isEqualTo(upTo);
            assertThat(ranges.size()).isEqualTo(set.size());
            assertThat(ranges.highest()).isEqualTo(set.last());
            assertThat(SequenceRanges.parse(ranges.toMultirange()).toMultirange())
                    .isEqualTo(ranges.toMultirange());
        }
    }
}
