package dev.gatehouse.gateway.forward;

import dev.gatehouse.kernel.id.TenantId;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Who was answered by a target lately, so that the first failures can be weighed against answers that came while nobody
 * counted. A slot for each of 64 groups of tenants holds the newest, to within 20 ms; so an answer mostly costs one read.
 */
final class Witnesses {
    private static final int SLOTS = 64;
    private static final long COARSE_NANOS = 20_000_000L;

    private final AtomicReferenceArray<@Nullable Witness> slots = new AtomicReferenceArray<>(SLOTS);

    /** One answer. */
    record Witness(TenantId tenant, String operation, String path, long atNanos) {}

    void answered(Attempt attempt, long nowNanos) {
        int slot = slot(attempt.tenant());
        Witness last = slots.getPlain(slot);
        if (last == null || nowNanos - last.atNanos > COARSE_NANOS || !last.tenant.equals(attempt.tenant())) {
            slots.setRelease(slot, new Witness(attempt.tenant(), attempt.operation(), attempt.path(), nowNanos));
        }
    }

    /** The last answer to this tenant, unless another of its group was answered since. */
    @Nullable
    Witness of(TenantId tenant) {
        Witness last = slots.getAcquire(slot(tenant));
        return last != null && last.tenant.equals(tenant) ? last : null;
    }

    int size() {
        return SLOTS;
    }

    @Nullable
    Witness at(int slot) {
        return slots.getAcquire(slot);
    }

    private static int slot(TenantId tenant) {
        int hash = tenant.hashCode();
        return (hash ^ hash >>> 16) & SLOTS - 1;
    }
}
