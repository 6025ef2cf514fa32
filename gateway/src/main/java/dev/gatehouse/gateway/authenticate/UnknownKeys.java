package dev.gatehouse.gateway.authenticate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.gateway.snapshot.Digest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps a flood of unknown keys away from the directory: a key that it did not know is not asked for again within a
 * second, and one source address may ask {@link #PER_SECOND} times a second.
 */
public final class UnknownKeys {
    /** Lookups that one address may cause within a second. */
    public static final int PER_SECOND = 10;

    private final Cache<Digest, Boolean> unknown = Caffeine.newBuilder()
            .expireAfterWrite(Duration.ofSeconds(1))
            .maximumSize(100_000)
            .build();
    private final Cache<String, AtomicInteger> asked = Caffeine.newBuilder()
            .expireAfterWrite(Duration.ofSeconds(1))
            .maximumSize(100_000)
            .build();

    /** Whether the directory may be asked for this key now, on behalf of this address; counts when it may. */
    public boolean mayAsk(Digest digest, String address) {
        return unknown.getIfPresent(digest) == null
                && asked.get(address, a -> new AtomicInteger()).incrementAndGet() <= PER_SECOND;
    }

    /** The directory does not know it. */
    public void remember(Digest digest) {
        unknown.put(digest, Boolean.TRUE);
    }
}
