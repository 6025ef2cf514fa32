package dev.gatehouse.listings.cache;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.runtime.redis.Redis;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers by what was asked and by the generation: near in this process, far in Redis. An answer is looked up and kept
 * under the generation that was read before the database was, so it is never older than its key says. Redis only ever
 * saves work: when it is away or slow, the database answers. A tenant's answers are its own and take only its own space.
 */
public final class AnswerCache {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerCache.class);
    private static final Duration KEPT = Duration.ofSeconds(60);
    private static final long NEAR_BYTES = 32L << 20;
    private static final long FAR_BYTES_OF_TENANT = 8L << 20;
    private static final long WAIT_MILLIS = 50;
    private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final String PREFIX = "gatehouse:listings:answer:";

    private final Generation generation;
    private final Redis redis;
    private final AtomicLong pausedUntil = new AtomicLong(System.nanoTime());
    private final TenantParts near = new TenantParts(NEAR_BYTES, KEPT, Ticker.systemTicker());
    private final FarBudget budget = new FarBudget(FAR_BYTES_OF_TENANT, KEPT.toNanos(), System::nanoTime);

    public AnswerCache(Generation generation, Redis redis) {
        this.generation = generation;
        this.redis = redis;
    }

    /**
     * @param tenant whose space it takes
     * @param asked says everything that the answer depends on
     * @param make makes the answer, UTF-8, from the database
     */
    public byte[] get(TenantId tenant, String asked, Supplier<byte[]> make) {
        OptionalLong number = generation.current();
        if (number.isEmpty()) {
            return make.get();
        }
        String key = number.getAsLong() + ":" + digest(asked);
        byte[] found = near.get(tenant, key);
        if (found != null) {
            return found;
        }
        String farKey = PREFIX + tenant.value() + ":" + key;
        byte[] body = far(farKey);
        if (body == null) {
            body = make.get();
            if (budget.mayAdd(tenant, farKey.length() + body.length)) {
                keepFar(farKey, body);
            }
        }
        near.put(tenant, key, body);
        return body;
    }

    private byte @Nullable [] far(String key) {
        if (System.nanoTime() - pausedUntil.get() < 0) {
            return null;
        }
        try {
            String body = redis.commands()
                    .getStatefulConnection()
                    .async()
                    .get(key)
                    .toCompletableFuture()
                    .get(WAIT_MILLIS, TimeUnit.MILLISECONDS);
            return body == null ? null : body.getBytes(StandardCharsets.UTF_8);
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            pausedUntil.set(System.nanoTime() + PAUSE_NANOS);
            LOG.debug("Redis did not give an answer in time", e);
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private void keepFar(String key, byte[] body) {
        if (System.nanoTime() - pausedUntil.get() < 0) {
            return;
        }
        try {
            var unused = redis.commands()
                    .getStatefulConnection()
                    .async()
                    .setex(key, KEPT.toSeconds(), new String(body, StandardCharsets.UTF_8));
        } catch (RuntimeException e) {
            LOG.debug("Redis did not take an answer", e);
        }
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(Arrays.copyOf(hash, 16));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
