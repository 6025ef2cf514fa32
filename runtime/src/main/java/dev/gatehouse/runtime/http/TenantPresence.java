package dev.gatehouse.runtime.http;

import dev.gatehouse.kernel.id.TenantId;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Whether a tenant has this process to itself: nobody else has called any of its services for a minute. */
final class TenantPresence {
    static final Duration MINUTE = Duration.ofMinutes(1);

    /** Who is seen again within this time is not written down anew each time. */
    private static final long CLOSE_NANOS = Duration.ofMillis(100).toNanos();

    private final LongSupplier nanoTime;
    private final AtomicReference<Seen> seen = new AtomicReference<>();

    /**
     * The last tenant, and when the last one that was not that one came.
     *
     * @param otherAt null when there was none yet
     */
    private record Seen(TenantId last, long at, @Nullable Long otherAt) {
        Seen then(TenantId tenant, long now) {
            return tenant.equals(last) ? new Seen(last, now, otherAt) : new Seen(tenant, now, at);
        }
    }

    /** @param nanoTime as {@link System#nanoTime} */
    TenantPresence(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void see(TenantId tenant) {
        long now = nanoTime.getAsLong();
        Seen before = seen.get();
        if (before == null || !before.last().equals(tenant) || now - before.at() > CLOSE_NANOS) {
            Seen unused = seen.updateAndGet(old -> old == null ? new Seen(tenant, now, null) : old.then(tenant, now));
        }
    }

    boolean isAlone(TenantId tenant) {
        Seen now = seen.get();
        if (now == null) {
            return true;
        }
        Long otherAt = now.last().equals(tenant) ? now.otherAt() : Long.valueOf(now.at());
        return otherAt == null || nanoTime.getAsLong() - otherAt > MINUTE.toNanos();
    }
}
