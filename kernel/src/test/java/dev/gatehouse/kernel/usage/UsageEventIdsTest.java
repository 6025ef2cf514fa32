package dev.gatehouse.kernel.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.kernel.id.PrefixedId;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Ids of usage events")
final class UsageEventIdsTest {
    @Test
    @DisplayName("are well formed, sort by time, and differ between producers, epochs and sequence numbers")
    void ids() {
        Set<String> ids = new HashSet<>();
        for (int producer = 0; producer < 20; producer++) {
            for (long epoch = 1; epoch < 20; epoch++) {
                UsageEventIds maker = new UsageEventIds("gw_x." + producer, epoch);
                for (long seq = 1; seq < 50; seq++) {
                    ids.add(maker.id(1_000, seq));
                }
            }
        }
        assertThat(ids).hasSize(20 * 19 * 49).allMatch(id -> PrefixedId.isWellFormed("evt", id));
        UsageEventIds maker = new UsageEventIds("gw_x.1", 1);
        assertThat(maker.id(1_764_000_000_000L, 9)).isLessThan(maker.id(1_764_000_000_001L, 1));
    }
}
