package dev.gatehouse.metering.restore;

import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.metering.store.LedgerCounts;
import dev.gatehouse.metering.store.LedgerCounts.TenantSplit;
import dev.gatehouse.runtime.redis.Redis;
import io.lettuce.core.RedisException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches whether Redis has lost something, and then raises quotas and counters to the ledger's figures until usage that
 * was under way has arrived. A gateway that finds that Redis lost its memory, or that could not say what it counted, sets a
 * new text at {@link UsageStreams#recount}; Redis without it has lost it. Once a minute it is done without a reason.
 *
 * <p>Figures are used some seconds after they were read: by then gateways have counted what is in them, and what they let
 * in while Redis was away is charged.
 */
public final class RedisRestorer implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisRestorer.class);
    private static final Duration PACE = Duration.ofSeconds(1);
    private static final Duration RIPE = Duration.ofSeconds(3);
    private static final Duration WINDOW = Duration.ofSeconds(30);
    private static final Duration ANYWAY = Duration.ofMinutes(1);
    private static final Duration AFTER_MIDNIGHT = Duration.ofMinutes(10);

    private record Figures(long readNanos, LocalDate day, List<TenantSplit> splits) {}

    private final LedgerCounts counts;
    private final Redis redis;
    private final RedisRaise raise;
    private final int shards;
    private final InstantSource clock;
    private final BooleanSupplier inCharge;
    private final Deque<Figures> ripening = new ArrayDeque<>();
    private @Nullable String recount;
    private long windowUntil = System.nanoTime() + WINDOW.toNanos();
    private long lastNanos = System.nanoTime() - ANYWAY.toNanos();

    /** @param inCharge whether this process is the one that does it now */
    public RedisRestorer(LedgerCounts counts, Redis redis, int shards, InstantSource clock, BooleanSupplier inCharge) {
        this.counts = counts;
        this.redis = redis;
        this.raise = new RedisRaise(redis);
        this.shards = shards;
        this.clock = clock;
        this.inCharge = inCharge;
    }

    @Override
    public void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                if (inCharge.getAsBoolean()) {
                    once();
                }
            } catch (RedisException e) {
                open("Redis does not answer");
            } catch (RuntimeException e) {
                LOG.warn("Redis is compared with the ledger later: {}", e.getMessage());
            }
            try {
                Thread.sleep(PACE);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void once() {
        String current = redis.commands().get(UsageStreams.recount());
        if (current == null) {
            // whoever comes first leaves a text by which a loss is seen
            redis.commands().setnx(UsageStreams.recount(), "set at " + clock.instant());
            open("Redis has forgotten");
        } else if (!Objects.equals(current, recount)) {
            open("a gateway asks for it");
        }
        recount = redis.commands().get(UsageStreams.recount());
        long now = System.nanoTime();
        boolean due = now - windowUntil < 0 || now - lastNanos > ANYWAY.toNanos() || isBehind();
        if (due) {
            lastNanos = now;
            read(now);
        }
        while (!ripening.isEmpty() && now - ripening.getFirst().readNanos() > RIPE.toNanos()) {
            Figures figures = ripening.removeFirst();
            int raised = raise.raise(figures.day(), figures.splits());
            if (raised > 0) {
                LOG.info("raised {} quotas and counters of {} to the ledger's figures", raised, figures.day());
            }
        }
    }

    private void open(String why) {
        if (System.nanoTime() - windowUntil >= 0) {
            LOG.info("compares quotas and counters with the ledger for {} s: {}", WINDOW.toSeconds(), why);
        }
        windowUntil = System.nanoTime() + WINDOW.toNanos();
    }

    /** Whether usage still waits for the ledger while the window closes: then it is kept open. */
    private boolean isBehind() {
        if (System.nanoTime() - windowUntil > PACE.toNanos() * 2) {
            return false;
        }
        for (int shard = 0; shard < shards; shard++) {
            if (redis.commands().xlen(UsageStreams.stream(shard)) > 0) {
                windowUntil = System.nanoTime() + PACE.toNanos() * 2;
                return true;
            }
        }
        return false;
    }

    private void read(long now) {
        Instant instant = clock.instant();
        LocalDate today = LocalDate.ofInstant(instant, ZoneOffset.UTC);
        LocalDate shortlyBefore = LocalDate.ofInstant(instant.minus(AFTER_MIDNIGHT), ZoneOffset.UTC);
        for (LocalDate day = shortlyBefore; !day.isAfter(today); day = day.plusDays(1)) {
            ripening.addLast(new Figures(now, day, counts.splits(day)));
        }
    }
}
