package dev.gatehouse.metering.ledger;

import dev.gatehouse.kernel.usage.MalformedUsageException;
import dev.gatehouse.kernel.usage.UsageBatch;
import dev.gatehouse.metering.stream.ShardStream;
import dev.gatehouse.metering.stream.StreamLostException;
import dev.gatehouse.runtime.redis.Redis;
import io.lettuce.core.RedisException;
import io.lettuce.core.StreamMessage;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries one shard's stream into the ledger, on a thread of its own. It holds the shard's lease or waits for it; it reads
 * what the stream has, writes it in one transaction, and only then tells the gateways, acknowledges and trims. When it
 * dies anywhere between, its successor reads the same entries again and drops what the ledger has already.
 */
public final class LedgerWriter implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerWriter.class);
    private static final int ENTRIES_A_READ = 64;
    private static final Duration PAUSE = Duration.ofMillis(500);

    /**
     * @param holder names this process in the lease
     * @param term of the lease: another takes over at most this long after the holder died
     * @param patience how long to wait for new entries
     * @param batchSize rows after which a transaction is closed even if more are waiting
     */
    public record Options(String holder, Duration term, Duration patience, int batchSize) {
        public static Options usual(String holder, Duration term) {
            return new Options(holder, term, Duration.ofMillis(200), 50_000);
        }
    }

    private final int shard;
    private final Options options;
    private final LedgerStore store;
    private final Redis redis;
    private final LedgerRules rules;
    private final InstantSource clock;
    private final WriterStatistics statistics;
    private final WriterStep.Observer observer;
    private volatile boolean stopped;
    private volatile boolean holding;

    public LedgerWriter(
            int shard,
            Options options,
            LedgerStore store,
            Redis redis,
            LedgerRules rules,
            InstantSource clock,
            MeterRegistry meters,
            WriterStep.Observer observer) {
        this.shard = shard;
        this.options = options;
        this.store = store;
        this.redis = redis;
        this.rules = rules;
        this.clock = clock;
        this.statistics = new WriterStatistics(meters, shard);
        this.observer = observer;
    }

    /** Whether it holds the shard's lease, as far as it knows. */
    public boolean isHolding() {
        return holding;
    }

    /** Lets {@link #run} end after the batch at hand. */
    public void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        while (!stopped) {
            try {
                Optional<Lease> lease = store.acquire(shard, options.holder(), options.term());
                if (lease.isPresent()) {
                    holding = true;
                    hold(lease.get());
                } else {
                    pause();
                }
            } catch (FencedException e) {
                statistics.fenced();
                LOG.warn("{}: nothing of the batch was written", e.getMessage());
            } catch (StreamLostException e) {
                LOG.warn("{}: the gateways ship again what is not in the ledger", e.getMessage());
            } catch (SQLException | RedisException | TenantsUnavailableException e) {
                statistics.failed();
                LOG.warn("shard {} waits, usage stays in journal and stream: {}", shard, e.getMessage());
                pause();
            } catch (RuntimeException | Error e) {
                statistics.failed();
                LOG.error("shard {} failed and tries again", shard, e);
                pause();
            } finally {
                holding = false;
            }
        }
    }

    private void hold(Lease lease) throws SQLException, FencedException {
        LOG.info("writes shard {} as {} in epoch {}", shard, lease.holder(), lease.epoch());
        CommittedSequences committed = new CommittedSequences(this::load);
        try (ShardStream stream = new ShardStream(redis, shard)) {
            stream.prepare();
            stream.publish(store.settled(shard));
            recover(lease, stream, committed);
            long renewed = System.nanoTime();
            while (!stopped) {
                List<StreamMessage<String, byte[]>> entries = gather(stream);
                boolean missed = false;
                if (!entries.isEmpty()) {
                    missed = write(lease, stream, committed, entries);
                    renewed = System.nanoTime();
                } else if (System.nanoTime() - renewed > options.term().toNanos() / 4) {
                    store.renew(lease, options.term());
                    renewed = System.nanoTime();
                    missed = stream.hasUnacknowledged();
                }
                if (missed) {
                    LOG.info("shard {} has entries that another took and did not write", shard);
                    recover(lease, stream, committed);
                }
            }
            store.release(lease);
        }
    }

    /** Writes what another holder has read and not acknowledged. */
    private void recover(Lease lease, ShardStream stream, CommittedSequences committed)
            throws SQLException, FencedException {
        String after = "0";
        while (!stopped) {
            List<StreamMessage<String, byte[]>> entries = stream.unacknowledged(after, ENTRIES_A_READ);
            if (entries.isEmpty()) {
                return;
            }
            after = entries.getLast().getId();
            write(lease, stream, committed, entries);
        }
    }

    private List<StreamMessage<String, byte[]>> gather(ShardStream stream) {
        List<StreamMessage<String, byte[]>> entries = new ArrayList<>(stream.fresh(ENTRIES_A_READ, options.patience()));
        long frames = frames(entries);
        int read = entries.size();
        while (read == ENTRIES_A_READ && frames < options.batchSize()) {
            List<StreamMessage<String, byte[]>> more = stream.fresh(ENTRIES_A_READ, Duration.ZERO);
            entries.addAll(more);
            frames += frames(more);
            read = more.size();
        }
        return entries;
    }

    /** What the entries say of their number of frames; only a hint for the batch's size. */
    private static long frames(List<StreamMessage<String, byte[]>> entries) {
        long frames = 0;
        for (StreamMessage<String, byte[]> entry : entries) {
            byte[] count = body(entry).get("n");
            frames += count == null || count.length > 4
                    ? 1
                    : Math.max(1, number(new String(count, StandardCharsets.US_ASCII)));
        }
        return frames;
    }

    private static long number(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9') && !text.isEmpty() ? Long.parseLong(text) : 1;
    }

    /** @return whether the stream holds entries that somebody else has read and not acknowledged */
    private boolean write(
            Lease lease, ShardStream stream, CommittedSequences committed, List<StreamMessage<String, byte[]>> entries)
            throws SQLException, FencedException {
        observer.reached(WriterStep.AFTER_READ, shard);
        BatchAssembler assembler = new BatchAssembler(rules, committed, clock.instant());
        List<String> ids = new ArrayList<>(entries.size());
        for (StreamMessage<String, byte[]> entry : entries) {
            ids.add(entry.getId());
            if (body(entry).isEmpty()) {
                continue;
            }
            try {
                assembler.add(entry.getId(), UsageBatch.ofFields(body(entry)));
            } catch (MalformedUsageException e) {
                assembler.addJunk(entry.getId(), String.valueOf(e.getMessage()), whole(entry));
            }
        }
        LedgerBatch batch = assembler.build();
        if (!batch.isEmpty()) {
            long start = System.nanoTime();
            store.commit(lease, options.term(), batch, committed);
            statistics.committed(batch, Duration.ofNanos(System.nanoTime() - start));
            committed.apply(batch);
            if (!batch.deadLetters().isEmpty()) {
                LOG.warn(
                        "shard {} set {} aside, the first because {}",
                        shard,
                        batch.deadLetters().size(),
                        batch.deadLetters().getFirst().reason());
            }
        }
        stream.publish(committed.settled());
        observer.reached(WriterStep.BEFORE_ACKNOWLEDGE, shard);
        stream.acknowledge(ids);
        observer.reached(WriterStep.AFTER_ACKNOWLEDGE, shard);
        observer.reached(WriterStep.BEFORE_TRIM, shard);
        boolean missed = stream.trim(ids.getLast());
        observer.reached(WriterStep.AFTER_TRIM, shard);
        return missed;
    }

    private CommittedSequences.Held load(Sequence sequence) {
        try {
            return store.load(sequence);
        } catch (SQLException e) {
            throw new LedgerUnavailableException(e);
        }
    }

    /** An entry that was trimmed before it was acknowledged has no body: its batch is committed. */
    private static Map<String, byte[]> body(StreamMessage<String, byte[]> entry) {
        Map<String, byte[]> body = entry.getBody();
        return body == null ? Map.of() : body;
    }

    private static byte[] whole(StreamMessage<String, byte[]> entry) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            for (Map.Entry<String, byte[]> field : body(entry).entrySet()) {
                all.write(field.getKey().getBytes(StandardCharsets.UTF_8));
                all.write('=');
                all.write(field.getValue());
                all.write('\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.toByteArray();
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            stopped = true;
            Thread.currentThread().interrupt();
        }
    }
}
