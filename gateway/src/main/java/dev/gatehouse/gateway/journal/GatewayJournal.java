package dev.gatehouse.gateway.journal;

import dev.gatehouse.gateway.redis.LoopRedis;
import dev.gatehouse.gateway.report.UsageRecorder;
import dev.gatehouse.gateway.report.UsageRecorders;
import dev.gatehouse.kernel.usage.UsageEventCodec;
import dev.gatehouse.runtime.aside.MemoryShelf;
import dev.gatehouse.runtime.aside.SetAsides;
import dev.gatehouse.runtime.file.DamagedFile;
import dev.gatehouse.runtime.redis.Redis;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal of one gateway: a log for each event loop, what earlier processes left in the same folder, and the shipper
 * that carries all of it to the usage streams until the ledger has settled it.
 */
public final class GatewayJournal implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayJournal.class);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final JournalSettings settings;
    private final InstantSource clock;
    private final Map<String, Long> epochs;
    private final JournalShipper shipper;
    private final JournalStep.Observer observer;
    private final Thread thread;
    private final JournalSync sync;
    private final @Nullable Thread syncing;
    private final List<EpochLog> live = new CopyOnWriteArrayList<>();

    private GatewayJournal(
            JournalSettings settings,
            InstantSource clock,
            Map<String, Long> epochs,
            JournalShipper shipper,
            JournalStep.Observer observer) {
        this.settings = settings;
        this.observer = observer;
        this.clock = clock;
        this.epochs = epochs;
        this.shipper = shipper;
        this.thread = Thread.ofPlatform().daemon().name("usage-shipper").start(shipper);
        this.sync = new JournalSync(settings.sync(), () -> live.forEach(EpochLog::force));
        this.syncing = settings.sync().isZero()
                ? null
                : Thread.ofPlatform().daemon().name("journal-sync").start(sync);
    }

    /**
     * Finds what earlier processes left in the folder, and starts to ship.
     *
     * @param redisUrl Redis may be away
     */
    public static GatewayJournal open(JournalSettings settings, String redisUrl, InstantSource clock)
            throws IOException {
        return open(settings, redisUrl, clock, JournalStep.Observer.NONE);
    }

    /** As {@link #open(JournalSettings, String, InstantSource)}, and tells {@code observer} each step. For drills. */
    public static GatewayJournal open(
            JournalSettings settings, String redisUrl, InstantSource clock, JournalStep.Observer observer)
            throws IOException {
        return open(settings, redisUrl, clock, observer, new SetAsides(new SimpleMeterRegistry(), clock));
    }

    /** As {@link #open(JournalSettings, String, InstantSource)}, with the process's shelves. */
    public static GatewayJournal open(JournalSettings settings, String redisUrl, InstantSource clock, SetAsides asides)
            throws IOException {
        return open(settings, redisUrl, clock, JournalStep.Observer.NONE, asides);
    }

    private static GatewayJournal open(
            JournalSettings settings,
            String redisUrl,
            InstantSource clock,
            JournalStep.Observer observer,
            SetAsides asides)
            throws IOException {
        Files.createDirectories(settings.folder());
        Map<String, Long> epochs = new HashMap<>();
        MemoryShelf shelf = asides.inMemory("gateway.journal", record -> {});
        JournalShipper shipper = new JournalShipper(settings, () -> Redis.connect(redisUrl), clock, observer);
        for (EpochLog log : recover(settings, shelf)) {
            epochs.merge(log.producer(), log.epoch(), Math::max);
            shipper.add(log);
        }
        return new GatewayJournal(settings, clock, epochs, shipper, observer);
    }

    /** Opens a recorder for each event loop. */
    public UsageRecorders recorders() {
        return new UsageRecorders() {
            @Override
            public UsageRecorder open(String producer, LoopRedis redis) {
                return recorder(producer);
            }

            @Override
            public void onShipped(LongConsumer redisMillis) {
                shipper.onShipped(redisMillis);
            }
        };
    }

    /** A recorder of its own for whoever makes events under this name; used by one thread. */
    public UsageRecorder recorder(String producer) {
        try {
            long epoch;
            synchronized (epochs) {
                epoch = Math.max(clock.millis(), 1 + epochs.getOrDefault(producer, 0L));
                epochs.put(producer, epoch);
            }
            EpochLog log = EpochLog.begin(settings, producer, epoch);
            live.add(log);
            JournalRecorder recorder = new JournalRecorder(log, observer);
            shipper.add(recorder);
            return recorder;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the journal cannot write to " + settings.folder() + ": free space there, or name another folder",
                    e);
        }
    }

    private static List<EpochLog> recover(JournalSettings settings, MemoryShelf shelf) throws IOException {
        Map<String, List<Segment>> byEpoch = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(settings.folder(), "*.journal")) {
            for (Path file : files) {
                Segment segment = open(file, shelf);
                if (segment != null) {
                    byEpoch.computeIfAbsent(segment.producer() + '\n' + segment.epoch(), k -> new ArrayList<>())
                            .add(segment);
                }
            }
        }
        List<EpochLog> logs = new ArrayList<>();
        byte[] scratch = new byte[UsageEventCodec.MAX_FRAME];
        for (List<Segment> segments : byEpoch.values()) {
            segments.sort(Comparator.comparingLong((Segment segment) -> firstSeq(segment, scratch))
                    .thenComparingLong(Segment::index));
            LOG.info(
                    "recovers {} segments of {} in epoch {}",
                    segments.size(),
                    segments.getFirst().producer(),
                    segments.getFirst().epoch());
            logs.add(EpochLog.recovered(settings, segments));
        }
        return logs;
    }

    /** Null when it holds nothing that can be read: then it is gone, or aside when something was in it. */
    private static @Nullable Segment open(Path file, MemoryShelf shelf) throws IOException {
        try {
            Segment segment = Segment.open(file);
            if (segment != null) {
                return segment;
            }
            if (Segment.isUnused(file)) {
                LOG.info("{} was never begun and is removed", file);
                Files.deleteIfExists(file);
                return null;
            }
            setAside(file, "its head is not one of a journal", shelf);
        } catch (IOException e) {
            setAside(file, String.valueOf(e.getMessage()), shelf);
        }
        return null;
    }

    private static void setAside(Path file, String why, MemoryShelf shelf) throws IOException {
        Path aside = DamagedFile.setAside(file);
        shelf.put(aside.toString(), why + "; calls that stand in it alone are missing from the ledger", null);
        LOG.error(
                "The journal's segment {} cannot be read ({}). It is kept as {}; calls that stand in it alone are missing from"
                        + " the ledger, and `gatehouse meter reconcile` names them.",
                file,
                why,
                aside.getFileName());
    }

    /** The first event's number; segments follow one another by it, empty ones last. */
    private static long firstSeq(Segment segment, byte[] scratch) {
        int at = segment.isWhole(Segment.HEADER, scratch) ? Segment.HEADER : segment.resume(Segment.HEADER, scratch);
        while (at >= 0 && segment.isWhole(at, scratch)) {
            if (segment.kind(at) == Segment.USAGE) {
                return segment.seq(at);
            }
            at = Segment.after(at, segment.length(at));
        }
        return Long.MAX_VALUE;
    }

    /** How often what was appended was forced to the disk. */
    long forced() {
        return sync.times();
    }

    /** What waits in the journal and is not in the ledger yet. */
    public long unsettled() {
        return shipper.unsettled();
    }

    /**
     * Ships what is left, after the gateway has closed its recorders, and waits a few seconds for the ledger to settle it.
     * What it does not settle in time stays in the folder for the next start.
     */
    @Override
    public void close() {
        shipper.finish(PATIENCE);
        try {
            thread.join(PATIENCE.plusSeconds(5));
            stopSync();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops as a killed process does: nothing is handed on, nothing is cleaned up. For drills. */
    void abandon() throws InterruptedException {
        shipper.abandon();
        thread.join(Duration.ofSeconds(10));
        stopSync();
    }

    private void stopSync() throws InterruptedException {
        if (syncing != null) {
            syncing.interrupt();
            syncing.join(Duration.ofSeconds(10));
        }
    }
}
