package dev.gatehouse.listings.cache;

import dev.gatehouse.kernel.id.TenantId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What one tenant's answers may take in Redis. Redis forgets an answer by itself after a while; within each while a tenant
 * may add so many bytes, so that it never holds more than twice as many from this process.
 */
final class FarBudget {
    private final long bytes;
    private final long whileNanos;
    private final LongSupplier nanos;
    private final ConcurrentHashMap<TenantId, AtomicLong> added = new ConcurrentHashMap<>();
    private final AtomicLong began;

    /** @param whileNanos how long Redis keeps an answer */
    FarBudget(long bytes, long whileNanos, LongSupplier nanos) {
        this.bytes = bytes;
        this.whileNanos = whileNanos;
        this.nanos = nanos;
        began = new AtomicLong(nanos.getAsLong());
    }

    /** Whether a tenant's answer of this size still fits; counts it when it does. */
    boolean mayAdd(TenantId tenant, int size) {
        long now = nanos.getAsLong();
        long last = began.get();
        if (now - last > whileNanos && began.compareAndSet(last, now)) {
            added.clear();
        }
        AtomicLong sum = added.computeIfAbsent(tenant, t -> new AtomicLong());
        if (sum.addAndGet(size) <= bytes) {
            return true;
        }
        sum.addAndGet(-size);
        return false;
    }
}
