package dev.gatehouse.listings.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.gatehouse.kernel.id.TenantId;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Answers kept in memory, each tenant's in a part of its own. Those who called within the last minute have equal parts of the
 * whole: a quarter each for up to four, an eighth for up to eight, and so on. What a tenant reads displaces what it has read
 * itself and nothing of another's; only that more tenants come makes its part smaller.
 */
final class TenantParts {
    private static final int LARGEST = 4;

    private final long bytes;
    private final long keptNanos;
    private final Ticker ticker;
    private final ConcurrentHashMap<TenantId, Part> parts = new ConcurrentHashMap<>();
    private final AtomicLong looked;
    private long shared;

    /**
     * @param bytes of all parts together
     * @param kept how long an answer is kept, and a tenant's part after its last call
     */
    TenantParts(long bytes, Duration kept, Ticker ticker) {
        this.bytes = bytes;
        this.keptNanos = kept.toNanos();
        this.ticker = ticker;
        looked = new AtomicLong(ticker.read());
        shared = partBytes();
    }

    private static final class Part {
        private final Cache<String, byte[]> answers;
        private final AtomicLong used;

        Part(long most, long keptNanos, Ticker ticker) {
            answers = Caffeine.newBuilder()
                    .maximumWeight(most)
                    .weigher((String key, byte[] body) -> key.length() + body.length)
                    .expireAfterWrite(Duration.ofNanos(keptNanos))
                    .ticker(ticker)
                    .build();
            used = new AtomicLong(ticker.read());
        }

        void resize(long most) {
            answers.policy().eviction().orElseThrow().setMaximum(most);
        }
    }

    byte @Nullable [] get(TenantId tenant, String key) {
        return part(tenant).answers.getIfPresent(key);
    }

    void put(TenantId tenant, String key, byte[] body) {
        part(tenant).answers.put(key, body);
    }

    /** What one tenant's part may hold now. */
    long partBytes() {
        return bytes / Math.max(LARGEST, Integer.highestOneBit(Math.max(1, 2 * parts.size() - 1)));
    }

    private Part part(TenantId tenant) {
        long now = ticker.read();
        long last = looked.get();
        if (now - last > keptNanos / 4 && looked.compareAndSet(last, now)) {
            leave(now);
        }
        Part part = parts.get(tenant);
        if (part == null) {
            part = parts.computeIfAbsent(tenant, t -> new Part(partBytes(), keptNanos, ticker));
            share();
        }
        part.used.set(now);
        return part;
    }

    private void leave(long now) {
        if (parts.values().removeIf(part -> now - part.used.get() > keptNanos)) {
            share();
        }
    }

    /** By one at a time, so that the last one to do it has counted all that came before. */
    private synchronized void share() {
        long each = partBytes();
        if (each != shared) {
            shared = each;
            parts.values().forEach(part -> part.resize(each));
        }
    }
}
