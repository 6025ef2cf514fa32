package dev.gatehouse.enrichment.batch;

import dev.gatehouse.kernel.usage.AdmissionRecord;
import dev.gatehouse.kernel.usage.Completion;
import dev.gatehouse.kernel.usage.UsageBatch;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.kernel.usage.UsageEventCodec;
import dev.gatehouse.kernel.usage.UsageEventIds;
import dev.gatehouse.kernel.usage.UsageOutcome;
import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.runtime.redis.Redis;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the rows' usage to the ledger, as producer {@code enrichment}. It waits in the database until the ledger confirms
 * it; what a Redis lost is shipped again, and what arrives twice is dropped there by its number.
 */
public final class UsageShipper implements AutoCloseable {
    /** The producer. */
    public static final String PRODUCER = "enrichment";

    /** The operation that a row counts to. */
    public static final String OPERATION = "enrichBatchRow";

    private static final Logger LOG = LoggerFactory.getLogger(UsageShipper.class);
    private static final Duration PACE = Duration.ofMillis(250);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
    private static final long STALL_NANOS = Duration.ofSeconds(10).toNanos();
    private static final AdmissionRecord NOT_ADMITTED = new AdmissionRecord(0, 0, 0, 0, false);

    private final UsageOutbox outbox;
    private final Redis redis;
    private final int shard;
    private final UsageEventCodec codec = new UsageEventCodec();
    private final Thread thread;
    private @Nullable StatefulRedisConnection<String, byte[]> connection;
    private long shipped;
    private long settled;
    private long movedAt = System.nanoTime();
    private volatile boolean closed;

    private UsageShipper(UsageOutbox outbox, Redis redis, int shards) {
        this.outbox = outbox;
        this.redis = redis;
        this.shard = UsageStreams.shardOf(PRODUCER, shards);
        this.thread = Thread.ofVirtual().name("enrichment-usage").unstarted(this::run);
    }

    /** @param shards of the usage streams, the same in every process */
    public static UsageShipper start(UsageOutbox outbox, Redis redis, int shards) {
        UsageShipper shipper = new UsageShipper(outbox, redis, shards);
        shipper.thread.start();
        return shipper;
    }

    private void run() {
        while (!closed) {
            try {
                Duration pause = PACE;
                try {
                    pass();
                } catch (RuntimeException | Error e) {
                    if (!closed) {
                        LOG.warn("Usage of jobs waits in the database: {}", e.toString());
                    }
                    pause = AFTER_FAILURE;
                }
                Thread.sleep(pause);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void pass() {
        OptionalLong epoch = outbox.epoch();
        if (epoch.isEmpty()) {
            return;
        }
        RedisCommands<String, byte[]> commands = connected().sync();
        long confirmed = confirmed(commands, epoch.getAsLong());
        if (confirmed > settled) {
            settled = confirmed;
            movedAt = System.nanoTime();
            outbox.settled(confirmed);
        }
        shipped = Math.max(shipped, settled);
        if (shipped > settled && System.nanoTime() - movedAt > STALL_NANOS) {
            LOG.warn("The ledger does not confirm usage after {}: it is shipped again.", settled);
            shipped = settled;
            movedAt = System.nanoTime();
        }
        ship(commands, epoch.getAsLong());
    }

    private void ship(RedisCommands<String, byte[]> commands, long epoch) {
        for (List<UsageOutbox.Waiting> page = outbox.after(shipped, UsageBatch.MAX_FRAMES);
                !page.isEmpty();
                page = outbox.after(shipped, UsageBatch.MAX_FRAMES)) {
            if (shipped == settled) {
                movedAt = System.nanoTime();
            }
            UsageEventIds ids = new UsageEventIds(PRODUCER, epoch);
            UsageBatch.Builder batch = new UsageBatch.Builder(UsageBatch.Kind.USAGE, PRODUCER, epoch);
            DayUse use = new DayUse();
            for (UsageOutbox.Waiting waiting : page) {
                UsageEvent event = event(waiting, epoch, ids);
                int length = codec.encode(event);
                if (!batch.add(event.seq(), codec.buffer(), 0, length)) {
                    commands.xadd(UsageStreams.stream(shard), batch.build().toFields());
                    batch.clear();
                    batch.add(event.seq(), codec.buffer(), 0, length);
                }
                if (!waiting.counted()) {
                    use.add(event);
                }
            }
            if (!batch.isEmpty()) {
                commands.xadd(UsageStreams.stream(shard), batch.build().toFields());
            }
            use.write(commands);
            shipped = page.getLast().seq();
            outbox.counted(shipped);
        }
    }

    private static UsageEvent event(UsageOutbox.Waiting row, long epoch, UsageEventIds ids) {
        UsageOutcome outcome = UsageOutcome.ofAdmitted(row.status(), Completion.COMPLETE);
        return new UsageEvent(
                PRODUCER,
                epoch,
                row.seq(),
                ids.id(row.at().toEpochMilli(), row.seq()),
                row.at(),
                row.tenant(),
                row.key(),
                row.mode(),
                row.plan(),
                "enrichment",
                "v2",
                OPERATION,
                "POST",
                row.status(),
                Completion.COMPLETE,
                row.units(),
                outcome.charged(row.units()),
                outcome.billable(row.mode()),
                0,
                row.bytes(),
                0,
                0,
                row.requestId(),
                null,
                null,
                NOT_ADMITTED,
                List.of(),
                List.of());
    }

    private long confirmed(RedisCommands<String, byte[]> commands, long epoch) {
        byte[] value = commands.hget(
                UsageStreams.committed(shard), UsageStreams.committedField(UsageBatch.Kind.USAGE, PRODUCER, epoch));
        return value == null ? 0 : Long.parseLong(new String(value, StandardCharsets.US_ASCII));
    }

    private StatefulRedisConnection<String, byte[]> connected() {
        StatefulRedisConnection<String, byte[]> open = connection;
        if (open == null) {
            open = redis.connectBytes();
            connection = open;
        }
        return open;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            if (!thread.join(Duration.ofSeconds(5))) {
                LOG.warn("the shipper of usage does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (connection != null) {
            connection.close();
        }
    }
}
