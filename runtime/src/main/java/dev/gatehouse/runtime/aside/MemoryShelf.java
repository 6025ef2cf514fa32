package dev.gatehouse.runtime.aside;

import dev.gatehouse.kernel.aside.SetAside;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shelf for records that come again by themselves, as those of a snapshot do at each start: it remembers what they were,
 * not what they held. Bounded: past {@link #MOST} the newest are counted and logged, and not listed.
 */
public final class MemoryShelf implements Shelf {
    /** Records that are listed. */
    public static final int MOST = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(MemoryShelf.class);

    private final String source;
    private final InstantSource clock;
    private final Consumer<String> again;
    private final Map<String, SetAside> records = new LinkedHashMap<>();
    private final AtomicLong beyond = new AtomicLong();
    private final AtomicLong all = new AtomicLong();

    /** @param again makes the consumer meet a record again */
    public MemoryShelf(String source, InstantSource clock, Consumer<String> again) {
        this.source = source;
        this.clock = clock;
        this.again = again;
    }

    @Override
    public String source() {
        return source;
    }

    /** Sets a record aside, or notes that it was met again. */
    public void put(String record, String reason, byte @Nullable [] content) {
        Instant now = clock.instant();
        all.incrementAndGet();
        synchronized (records) {
            SetAside known = records.get(record);
            if (known == null && records.size() >= MOST) {
                beyond.incrementAndGet();
                LOG.error("{} sets {} aside: {}", source, record, reason);
                return;
            }
            SetAside now1 = new SetAside(
                    source,
                    record,
                    reason,
                    known == null ? now : known.firstSeen(),
                    now,
                    known == null ? 1 : known.times() + 1,
                    content == null ? 0 : content.length,
                    content == null ? null : digest(content));
            records.put(record, now1);
            if (known == null || !known.reason().equals(now1.reason())) {
                LOG.error("{} sets {} aside: {}", source, now1.record(), now1.reason());
            }
        }
    }

    /** The record was used after all, or is no more. */
    public void heal(String record) {
        synchronized (records) {
            if (records.remove(record) != null) {
                LOG.info("{} can use {} again", source, record);
            }
        }
    }

    /** Forgets all but these: what a whole reading did not set aside is well. */
    public void keepOnly(Set<String> still) {
        synchronized (records) {
            records.keySet().retainAll(still);
            beyond.set(0);
        }
    }

    @Override
    public long size() {
        synchronized (records) {
            return records.size() + beyond.get();
        }
    }

    /** How often a record was set aside since the start. */
    public long times() {
        return all.get();
    }

    @Override
    public List<SetAside> list(int limit) {
        synchronized (records) {
            return records.values().stream().limit(limit).toList();
        }
    }

    @Override
    public boolean retry(String record) {
        boolean there;
        synchronized (records) {
            there = records.containsKey(record);
        }
        if (there) {
            again.accept(record);
        }
        return there;
    }

    @Override
    public boolean drop(String record, String reason) {
        synchronized (records) {
            boolean there = records.remove(record) != null;
            if (there) {
                LOG.info("{} takes {} off the list: {}", source, record, reason);
            }
            return there;
        }
    }

    /** The first 16 hexadecimal digits of the SHA-256. */
    public static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** As {@link #digest(byte[])}. */
    public static String digest(String content) {
        return digest(content.getBytes(StandardCharsets.UTF_8));
    }
}
