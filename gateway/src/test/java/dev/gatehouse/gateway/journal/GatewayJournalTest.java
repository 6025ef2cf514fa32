package dev.gatehouse.gateway.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatehouse.engines.EnginesForTests;
import dev.gatehouse.engines.Weather;
import dev.gatehouse.gateway.report.UsageRecorder;
import dev.gatehouse.kernel.id.KeyId;
import dev.gatehouse.kernel.id.PrefixedId;
import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.key.KeyMode;
import dev.gatehouse.kernel.usage.AdmissionRecord;
import dev.gatehouse.kernel.usage.Completion;
import dev.gatehouse.kernel.usage.MalformedUsageException;
import dev.gatehouse.kernel.usage.RefusalTally;
import dev.gatehouse.kernel.usage.RefusalTallyCodec;
import dev.gatehouse.kernel.usage.UsageBatch;
import dev.gatehouse.kernel.usage.UsageBatch.Kind;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.kernel.usage.UsageEventCodec;
import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.runtime.redis.Redis;
import io.lettuce.core.Range;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The gateway's journal")
final class GatewayJournalTest {
    private static final AtomicInteger PRODUCERS = new AtomicInteger();
    private static final int SHARDS = 1_000_003;
    private static final String NOWHERE = "redis://127.0.0.1:1";
    private static final TenantId TENANT = new TenantId(PrefixedId.of("tnt", 1, 2, 3));
    private static final KeyId KEY = new KeyId(PrefixedId.of("key", 1, 2, 3));

    @TempDir
    private Path folder;

    private final String producer = "gw_journal-" + PRODUCERS.incrementAndGet();
    private Redis redis;
    private StatefulRedisConnection<String, byte[]> connection;
    private JournalSettings settings;

    @BeforeEach
    void start() {
        redis = Redis.connect(EnginesForTests.redis());
        connection = redis.connectBytes();
        settings =
                new JournalSettings(folder, 64 * 1024, 1 << 20, JournalSettings.PACE, Duration.ofMillis(100), SHARDS);
    }

    @AfterEach
    void stop() {
        connection.close();
        redis.close();
    }

    @Test
    @DisplayName("ships what is confirmed, in order and whole, and deletes segments once the ledger has settled them")
    void ships() throws Exception {
        GatewayJournal journal = open(EnginesForTests.redis());
        UsageRecorder recorder = journal.recorder(producer);
        for (int i = 0; i < 1_500; i++) {
            append(recorder, Completion.COMPLETE);
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> events().size() == 1_500);
        assertThat(events().keySet())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 1_500).boxed().toList());
        assertThat(events().values()).allMatch(UsageEvent::billable);
        assertThat(segments()).isGreaterThan(5);
        settle(recorder.epoch(), 1_500, 0);
        await().atMost(Duration.ofSeconds(60)).until(() -> segments() <= 2);
        recorder.close();
        journal.close();
        assertThat(kinds()).contains(Kind.USAGE_END, Kind.USAGE_MARK);
        assertThat(segments()).isZero();
    }

    @Test
    @DisplayName("holds an event back while its answer is under way, and lets those after it pass")
    void holdsBack() throws Exception {
        GatewayJournal journal = open(EnginesForTests.redis());
        UsageRecorder recorder = journal.recorder(producer);
        append(recorder, Completion.COMPLETE);
        long slow = appendOnly(recorder);
        append(recorder, Completion.COMPLETE);
        await().atMost(Duration.ofSeconds(60)).until(() -> events().size() == 2);
        assertThat(events()).containsOnlyKeys(1L, 3L);
        recorder.confirm(slow, Completion.CLIENT_GONE_IN_BODY);
        await().atMost(Duration.ofSeconds(60)).until(() -> events().size() == 3);
        assertThat(events().values().stream().filter(event -> event.seq() == slow))
                .hasSize(1)
                .allMatch(event -> event.completion() == Completion.CLIENT_GONE_IN_BODY && !event.billable());
        journal.abandon();
    }

    @Test
    @DisplayName("after a death without Redis ships everything: confirmed calls as they were, the others as unknown")
    void death() throws Exception {
        GatewayJournal dying = open(NOWHERE);
        UsageRecorder recorder = dying.recorder(producer);
        for (int i = 0; i < 900; i++) {
            append(recorder, Completion.COMPLETE);
        }
        for (int i = 0; i < 10; i++) {
            appendOnly(recorder);
        }
        for (int i = 0; i < 77; i++) {
            recorder.refused(TENANT, KEY, "rate_limited", Instant.now());
        }
        dying.abandon();
        GatewayJournal journal = open(EnginesForTests.redis());
        await().atMost(Duration.ofSeconds(60)).until(() -> events().size() == 910);
        assertThat(events().values().stream().filter(UsageEvent::billable)).hasSize(900);
        assertThat(events().values().stream().filter(event -> event.completion() == Completion.UNKNOWN))
                .hasSize(10)
                .allMatch(event -> event.seq() > 900 && !event.billable());
        assertThat(refusals().stream().mapToLong(RefusalTally::count).sum()).isEqualTo(77);
        assertThat(kinds()).contains(Kind.USAGE_END, Kind.REFUSALS_END);
        UsageRecorder next = journal.recorder(producer);
        assertThat(next.epoch()).isGreaterThan(recorder.epoch());
        settle(recorder.epoch(), 910, 2);
        await().atMost(Duration.ofSeconds(60)).until(() -> segments() <= 2);
        journal.abandon();
    }

    @Test
    @DisplayName("ships again what Redis has lost with its memory")
    void lostMemory() throws Exception {
        GatewayJournal journal = open(EnginesForTests.redis());
        UsageRecorder recorder = journal.recorder(producer);
        for (int i = 0; i < 100; i++) {
            append(recorder, Completion.COMPLETE);
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> events().size() == 100);
        settle(recorder.epoch(), 40, 0);
        int shard = UsageStreams.shardOf(producer, SHARDS);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> connection.sync().exists(UsageStreams.incarnation(shard)) == 1);
        connection
                .sync()
                .del(UsageStreams.stream(shard), UsageStreams.committed(shard), UsageStreams.incarnation(shard));
        await().atMost(Duration.ofSeconds(60)).until(() -> events().size() >= 60);
        assertThat(events().keySet()).contains(41L, 100L);
        journal.abandon();
    }

    @Test
    @DisplayName("serves on when its quota is used up, and names what found no room as a gap")
    void full() throws Exception {
        settings = new JournalSettings(folder, 64 * 1024, 128 * 1024, JournalSettings.PACE, Duration.ZERO, SHARDS);
        GatewayJournal dying = open(NOWHERE);
        UsageRecorder recorder = dying.recorder(producer);
        for (int i = 0; i < 2_000; i++) {
            append(recorder, Completion.COMPLETE);
        }
        dying.abandon();
        GatewayJournal journal = open(EnginesForTests.redis());
        await().atMost(Duration.ofSeconds(60)).until(() -> kinds().contains(Kind.USAGE_END));
        List<UsageBatch> gaps = batches().stream()
                .filter(batch -> batch.kind() == Kind.USAGE_GAP)
                .toList();
        assertThat(gaps).hasSize(1);
        assertThat(new String(gaps.getFirst().body(), StandardCharsets.UTF_8)).isEqualTo("the journal was full");
        assertThat(events().size() + gaps.getFirst().count()).isEqualTo(2_000);
        assertThat(gaps.getFirst().first()).isEqualTo(events().size() + 1);
        journal.abandon();
    }

    @Test
    @DisplayName("cuts out what a loss of power has torn, and declares it lost")
    void torn() throws Exception {
        GatewayJournal dying = open(NOWHERE);
        UsageRecorder recorder = dying.recorder(producer);
        for (int i = 0; i < 100; i++) {
            append(recorder, Completion.COMPLETE);
        }
        dying.abandon();
        Path file;
        try (var files = Files.list(folder)) {
            file = files.filter(path -> path.toString().endsWith("0000.journal"))
                    .findFirst()
                    .orElseThrow();
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1_000), 4_000);
        }
        GatewayJournal journal = open(EnginesForTests.redis());
        await().atMost(Duration.ofSeconds(60)).until(() -> kinds().contains(Kind.USAGE_END));
        long lost = batches().stream()
                .filter(batch -> batch.kind() == Kind.USAGE_GAP)
                .mapToLong(UsageBatch::count)
                .sum();
        assertThat(lost).isBetween(1L, 10L);
        assertThat(events().size() + lost).isEqualTo(100);
        journal.abandon();
    }

    @Test
    @DisplayName("is forced to the disk as often as it is told to, also while Redis hangs")
    void forced() throws Exception {
        URI engine = URI.create(EnginesForTests.redis());
        try (Weather weather = new Weather(engine.getPort())) {
            GatewayJournal journal =
                    open(EnginesForTests.redis().replace(":" + engine.getPort(), ":" + weather.port()));
            UsageRecorder recorder = journal.recorder(producer);
            append(recorder, Completion.COMPLETE);
            await().atMost(Duration.ofSeconds(60)).until(() -> events().size() == 1);
            weather.turn(Weather.Kind.HANGING);
            append(recorder, Completion.COMPLETE);
            long before = journal.forced();
            await().atMost(Duration.ofSeconds(3)).until(() -> journal.forced() - before > 8);
            assertThat(events()).hasSize(1);
            journal.abandon();
        }
    }

    @Test
    @DisplayName("counts refusals that find no room all the same, though no longer by tenant, key and code")
    void fullOfRefusals() throws Exception {
        settings = new JournalSettings(folder, 64 * 1024, 128 * 1024, JournalSettings.PACE, Duration.ZERO, SHARDS);
        GatewayJournal dying = open(NOWHERE);
        UsageRecorder recorder = dying.recorder(producer);
        Instant second = Instant.now().minusSeconds(2_000);
        for (int i = 0; i < 1_900; i++) {
            recorder.refused(TENANT, KEY, "rate_limited", second.plusSeconds(i));
            recorder.refused(TENANT, KEY, "rate_limited", second.plusSeconds(i));
            recorder.tick(second.plusSeconds(i + 1));
        }
        append(recorder, Completion.COMPLETE);
        dying.abandon();
        GatewayJournal journal = open(EnginesForTests.redis());
        await().atMost(Duration.ofSeconds(60)).until(() -> kinds().contains(Kind.REFUSALS_END));
        assertThat(refusals().stream().mapToLong(RefusalTally::count).sum()).isEqualTo(3_800);
        assertThat(refusals().stream().filter(tally -> tally.code().equals(RefusalTally.NO_ROOM)))
                .hasSize(1)
                .allMatch(tally -> tally.tenant() == null && tally.key() == null && tally.count() > 100);
        assertThat(refusals().stream().mapToLong(RefusalTally::seq))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, refusals().size()).boxed().toList());
        settle(recorder.epoch(), 1, refusals().size());
        await().atMost(Duration.ofSeconds(60)).until(() -> segments() == 0);
        journal.abandon();
    }

    private GatewayJournal open(String url) throws IOException {
        return GatewayJournal.open(settings, url, InstantSource.system());
    }

    private static void append(UsageRecorder recorder, Completion completion) {
        recorder.confirm(appendOnly(recorder), completion);
    }

    private static long appendOnly(UsageRecorder recorder) {
        long seq = recorder.nextSeq();
        recorder.append(new UsageEvent(
                recorder.producer(),
                recorder.epoch(),
                seq,
                PrefixedId.of("evt", seq, 1, seq),
                Instant.now(),
                TENANT,
                KEY,
                KeyMode.LIVE,
                "growth",
                "listings",
                "v2",
                "listListings",
                "GET",
                200,
                Completion.COMPLETE,
                1,
                1,
                true,
                0,
                1_000,
                5_000,
                8_000,
                PrefixedId.of("req", seq, 1, seq),
                null,
                null,
                new AdmissionRecord(60_000, 59_000, seq, seq + 1, false),
                List.of("city"),
                List.of()));
        return seq;
    }

    private List<UsageBatch> batches() {
        List<UsageBatch> batches = new ArrayList<>();
        for (StreamMessage<String, byte[]> entry : connection
                .sync()
                .xrange(UsageStreams.stream(UsageStreams.shardOf(producer, SHARDS)), Range.unbounded())) {
            try {
                batches.add(UsageBatch.ofFields(entry.getBody()));
            } catch (MalformedUsageException e) {
                throw new AssertionError(e);
            }
        }
        return batches;
    }

    private List<Kind> kinds() {
        return batches().stream().map(UsageBatch::kind).distinct().toList();
    }

    private Map<Long, UsageEvent> events() throws MalformedUsageException {
        Map<Long, UsageEvent> events = new TreeMap<>();
        for (UsageBatch batch : batches()) {
            if (batch.kind() == Kind.USAGE) {
                batch.forEach((seq, bytes, offset, length) -> events.put(
                        seq, UsageEventCodec.decode(batch.producer(), batch.epoch(), seq, bytes, offset, length)));
            }
        }
        return events;
    }

    private List<RefusalTally> refusals() throws MalformedUsageException {
        Map<Long, RefusalTally> tallies = new TreeMap<>();
        for (UsageBatch batch : batches()) {
            if (batch.kind() == Kind.REFUSALS) {
                batch.forEach((seq, bytes, offset, length) -> tallies.put(
                        seq, RefusalTallyCodec.decode(batch.producer(), batch.epoch(), seq, bytes, offset, length)));
            }
        }
        return List.copyOf(tallies.values());
    }

    private void settle(long epoch, long usage, long tallies) {
        String key = UsageStreams.committed(UsageStreams.shardOf(producer, SHARDS));
        connection.sync().hset(key, UsageStreams.committedField(Kind.USAGE, producer, epoch), number(usage));
        connection.sync().hset(key, UsageStreams.committedField(Kind.REFUSALS, producer, epoch), number(tallies));
    }

    private static byte[] number(long value) {
        return Long.toString(value).getBytes(StandardCharsets.US_ASCII);
    }

    private long segments() throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(path -> path.toString().endsWith(".journal")).count();
        }
    }
}
