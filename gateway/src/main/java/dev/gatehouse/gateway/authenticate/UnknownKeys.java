package dev.gatehouse.gateway.authenticate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatehouse.gateway.snapshot.Digest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps a flood of unknown keys away from the directory, and never calls a key unknown that was not looked for. A key that
 * the directory did not know is not asked for again within a second. Of the others, one source address may have
 * {@link #PER_SECOND} a second looked up on their own, and {@link #AT_ONCE} such look-ups may be under way in all; for
 * whatever is more, all who wait share the answer to one question, what has changed.
 */
final class UnknownKeys {
    /** Look-ups of single keys that one address may cause within a second. */
    static final int PER_SECOND = 10;

    /** Look-ups of single keys under way at once. */
    static final int AT_ONCE = 32;

    private final Cache<Digest, Boolean> unknown = Caffeine.newBuilder()
            .expireAfterWrite(Duration.ofSeconds(1))
            .maximumSize(50_000)
            .build();
    private final Cache<Object, AtomicInteger> asked = Caffeine.newBuilder()
            .expireAfterWrite(Duration.ofSeconds(1))
            .maximumSize(50_000)
            .build();
    private final AtomicInteger underWay = new AtomicInteger();

    /** Whether the directory has just said that it does not know this key. */
    boolean isKnownToBeUnknown(Digest digest) {
        return unknown.getIfPresent(digest) != null;
    }

    /**
     * Whether the directory may be asked for this key alone, on behalf of this client; counts when it may, until
     * {@link #wasAsked}.
     *
     * @param client whoever counts as one by address
     */
    boolean mayAsk(Object client) {
        if (asked.get(client, a -> new AtomicInteger()).incrementAndGet() > PER_SECOND) {
            return false;
        }
        if (underWay.incrementAndGet() > AT_ONCE) {
            underWay.decrementAndGet();
            return false;
        }
        return true;
    }

    /** The directory has answered, or has not in time. */
    void wasAsked() {
        underWay.decrementAndGet();
    }

    /** The directory does not know it. */
    void remember(Digest digest) {
        unknown.put(digest, Boolean.TRUE);
    }
}
