package dev.gatehouse.bench.metering;

import com.sun.management.OperatingSystemMXBean;
import dev.gatehouse.app.start.Logging;
import dev.gatehouse.bench.metering.store.RawInserts;
import dev.gatehouse.kernel.usage.UsageBatch;
import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.metering.ledger.BatchAssembler;
import dev.gatehouse.metering.ledger.CommittedSequences;
import dev.gatehouse.metering.ledger.Lease;
import dev.gatehouse.metering.ledger.LedgerBatch;
import dev.gatehouse.metering.ledger.LedgerEvent;
import dev.gatehouse.metering.ledger.LedgerRules;
import dev.gatehouse.metering.ledger.LedgerWriter;
import dev.gatehouse.metering.ledger.WriterStep;
import dev.gatehouse.metering.store.PostgresLedgerStore;
import dev.gatehouse.runtime.redis.Redis;
import dev.gatehouse.runtime.sql.Database;
import dev.gatehouse.runtime.sql.DatabaseUrl;
import io.lettuce.core.api.StatefulRedisConnection;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** The process that writes, on a core of its own. It prints a line for each contender of each round. */
public final class WriterProcess {
    static final String LEDGER = "the ledger's writer";
    static final String AGAIN = "the ledger's writer again (A/A)";
    static final String STREAM = "the same from a Redis stream";
    static final String COPY = "bare COPY of the same rows";
    static final String ON_CONFLICT = "INSERT … ON CONFLICT, 1,000 a batch";
    static final String ROWS = "INSERT row by row";

    private static final Duration TERM = Duration.ofSeconds(30);
    private static final int BATCH = LedgerWriter.Options.usual("bench", TERM).batchSize();
    private static final int RATE = 50_000;
    private static final int STREAM_SHARD = 1;

    private final Database database;
    private final PostgresLedgerStore store;
    private final Redis redis;
    private final ServerTime server;
    private final RawInserts raw;
    private final int tenants;
    private final int events;
    private final GeneratedCalls direct;
    private final GeneratedCalls streamed;
    private final Lease lease;
    private final CommittedSequences committed;
    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private WriterProcess(DatabaseUrl url, String redisUrl, long serverPid, int tenants, int events)
            throws SQLException {
        database = Database.open(url, "ledger", "classpath:dev/gatehouse/metering/store/ledger", 4);
        store = new PostgresLedgerStore(database.dataSource());
        redis = Redis.connect(redisUrl);
        server = new ServerTime(serverPid);
        raw = new RawInserts(url);
        this.tenants = tenants;
        this.events = events;
        direct = new GeneratedCalls("gw_bench.0", 1, tenants, 20_261_125);
        streamed = new GeneratedCalls("gw_bench.1", 1, tenants, 20_261_126);
        lease = store.acquire(0, "bench", Duration.ofHours(1)).orElseThrow();
        committed = sequences();
    }

    private CommittedSequences sequences() {
        return new CommittedSequences(sequence -> {
            try {
                return store.load(sequence);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** @param args database, Redis, PostgreSQL's process id, tenants, events a round, warm-up events, rounds */
    public static void main(String[] args) throws Exception {
        Logging.toStandardOutput();
        WriterProcess process = new WriterProcess(
                DatabaseUrl.parse(args[0]),
                args[1],
                Long.parseLong(args[2]),
                Integer.parseInt(args[3]),
                Integer.parseInt(args[4]));
        int warmup = Integer.parseInt(args[5]);
        for (int done = 0; done < warmup; done += process.events) {
            process.ledger(LEDGER, -1);
        }
        process.stream(-1);
        process.raw(-1);
        for (int round = 0; round < Integer.parseInt(args[6]); round++) {
            // each round begins with another, so that none always follows the same one
            for (int i = 0; i < 4; i++) {
                switch ((i + round) % 4) {
                    case 0 -> process.ledger(LEDGER, round);
                    case 1 -> process.raw(round);
                    case 2 -> process.ledger(AGAIN, round);
                    default -> process.stream(round);
                }
            }
        }
        // its threads need no farewell
        System.exit(0);
    }

    /** What is measured. */
    private interface Work {
        void run() throws Exception;
    }

    private void measure(String contender, int round, int count, Work work) throws Exception {
        System.gc();
        long server = this.server.nanos();
        long cpu = system.getProcessCpuTime();
        long begun = System.nanoTime();
        work.run();
        long took = System.nanoTime() - begun;
        System.out.printf(
                Locale.ROOT,
                "%s\t%d\t%d\t%d\t%d\t%d%n",
                contender,
                round,
                count,
                took,
                system.getProcessCpuTime() - cpu,
                this.server.nanos() - server);
    }

    /** From the entries' bytes to the commit, as {@link LedgerWriter} does it, without the stream. */
    private void ledger(String contender, int round) throws Exception {
        List<List<UsageBatch>> batches = batches(direct);
        measure(contender, round, events, () -> {
            for (List<UsageBatch> entries : batches) {
                LedgerBatch batch = assemble(entries, committed);
                store.commit(lease, TERM, batch, committed);
                committed.apply(batch);
            }
        });
    }

    private static LedgerBatch assemble(List<UsageBatch> entries, CommittedSequences committed) {
        BatchAssembler assembler = new BatchAssembler(LedgerRules.USUAL, committed, Instant.now());
        entries.forEach(entry -> assembler.add("0-1", entry));
        return assembler.build();
    }

    private List<List<UsageBatch>> batches(GeneratedCalls calls) {
        List<List<UsageBatch>> batches = new ArrayList<>();
        Instant from = Instant.now().minusSeconds(30);
        for (int done = 0; done < events; done += BATCH) {
            int count = Math.min(BATCH, events - done);
            batches.add(calls.entries(count, from.plusNanos(done * 1_000_000_000L / RATE), RATE));
        }
        return batches;
    }

    /** The whole writer: it reads, commits, publishes, acknowledges and trims a stream that is full when it starts. */
    private void stream(int round) throws Exception {
        String stream = UsageStreams.stream(STREAM_SHARD);
        try (StatefulRedisConnection<String, byte[]> gateway = redis.connectBytes()) {
            for (List<UsageBatch> entries : batches(streamed)) {
                entries.forEach(entry -> gateway.sync().xadd(stream, entry.toFields()));
            }
            LedgerWriter writer = new LedgerWriter(
                    STREAM_SHARD,
                    LedgerWriter.Options.usual("bench", TERM),
                    store,
                    redis,
                    LedgerRules.USUAL,
                    InstantSource.system(),
                    new SimpleMeterRegistry(),
                    WriterStep.Observer.NONE);
            measure(STREAM, round, events, () -> {
                Thread thread = Thread.ofPlatform().start(writer);
                while (gateway.sync().xlen(stream) > 0) {
                    TimeUnit.MILLISECONDS.sleep(2);
                }
                writer.stop();
                thread.join();
            });
        }
    }

    private void raw(int round) throws Exception {
        GeneratedCalls calls = new GeneratedCalls("gw_raw.0", 1, tenants, 20_261_127);
        CommittedSequences nothing = new CommittedSequences(sequence -> new CommittedSequences.Held(
                new dev.gatehouse.metering.ledger.SequenceRanges(),
                new dev.gatehouse.metering.ledger.SequenceRanges()));
        List<List<LedgerEvent>> batches = batches(calls).stream()
                .map(entries -> assemble(entries, nothing).events())
                .toList();
        List<byte[]> copies = batches.stream().map(raw::copyBytes).toList();
        raw.clear();
        measure(COPY, round, events, () -> {
            for (byte[] copy : copies) {
                raw.copy(copy);
            }
        });
        raw.clear();
        measure(ON_CONFLICT, round, batches.getFirst().size(), () -> raw.onConflict(batches.getFirst()));
        raw.clear();
        List<LedgerEvent> some =
                batches.getFirst().subList(0, batches.getFirst().size() / 10);
        measure(ROWS, round, some.size(), () -> raw.rowByRow(some));
    }
}
