package dev.gatehouse.listings.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.id.TenantId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A tenant's space in the cache")
class TenantPartsTest {
    private static final int KIB = 1024;
    private static final long WHOLE = 1024 * KIB;
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    private final AtomicLong now = new AtomicLong();
    private final TenantParts parts = new TenantParts(WHOLE, Duration.ofMinutes(1), now::get);

    private static TenantId tenant() {
        return new TenantId(PrefixedId.next("tnt", InstantSource.system()));
    }

    private void read(TenantId tenant, int from, int answers) {
        for (int i = from; i < from + answers; i++) {
            parts.put(tenant, "answer " + i, new byte[KIB]);
        }
    }

    private long held(TenantId tenant, int answers) {
        long held = 0;
        for (int i = 0; i < answers; i++) {
            held += parts.get(tenant, "answer " + i) == null ? 0 : 1;
        }
        return held;
    }

    @Test
    @DisplayName("is not taken by one that reads everything once")
    void busting() {
        TenantId quiet = tenant();
        TenantId busting = tenant();
        read(quiet, 0, 100);
        // some forty times what the whole cache holds
        read(busting, 0, 40_000);
        assertThat(held(quiet, 100)).isEqualTo(100);
        assertThat(held(busting, 40_000)).isBetween(1L, WHOLE / 4 / KIB);
    }

    @Test
    @DisplayName("is the same for all, and all together keep to the whole")
    void equal() {
        List<TenantId> tenants = new ArrayList<>();
        for (int i = 0; i < 13; i++) {
            tenants.add(tenant());
            read(tenants.get(i), 0, 1_000);
        }
        assertThat(parts.partBytes()).isEqualTo(WHOLE / 16);
        // what the first ones held beyond the part that is theirs now goes, in the background
        await().untilAsserted(() -> {
            long all = 0;
            for (TenantId tenant : tenants) {
                long held = held(tenant, 1_000);
                assertThat(held).isBetween(1L, WHOLE / 16 / KIB);
                all += held;
            }
            assertThat(all * KIB).isLessThanOrEqualTo(WHOLE);
        });
    }

    @Test
    @DisplayName("is given to the others a minute after its last call")
    void left() {
        for (int i = 0; i < 8; i++) {
            read(tenant(), 0, 1);
        }
        assertThat(parts.partBytes()).isEqualTo(WHOLE / 8);
        now.addAndGet(MINUTE + 1);
        read(tenant(), 0, 1);
        assertThat(parts.partBytes()).isEqualTo(WHOLE / 4);
    }

    @Test
    @DisplayName("in Redis is so many bytes within the time that Redis keeps them")
    void far() {
        FarBudget budget = new FarBudget(10 * KIB, MINUTE, now::get);
        TenantId quiet = tenant();
        TenantId busting = tenant();
        for (int i = 0; i < 10; i++) {
            assertThat(budget.mayAdd(busting, KIB)).isTrue();
        }
        assertThat(budget.mayAdd(busting, 1)).isFalse();
        assertThat(budget.mayAdd(quiet, 10 * KIB)).isTrue();
        now.addAndGet(MINUTE + 1);
        assertThat(budget.mayAdd(busting, 10 * KIB)).isTrue();
    }
}
