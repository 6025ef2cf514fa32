package dev.gatehouse.gateway.journal;

import dev.gatehouse.kernel.usage.UsageBatch.Kind;
import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.runtime.redis.Redis;
import io.lettuce.core.RedisException;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries every log of a gateway to Redis, on a thread of its own. Redis may come and go. */
final class JournalShipper implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalShipper.class);
    private static final Duration PACE_WITHOUT_REDIS = Duration.ofMillis(500);
    private static final Duration ASK = Duration.ofMillis(200);
    private static final Duration STALL = Duration.ofSeconds(5);
    private static final long COUNTERS_SECONDS = 3 * 86_400L;
    private static final long REPLY_SECONDS = 5;

    private final JournalSettings settings;
    private final Supplier<Redis> connector;
    private final InstantSource clock;
    private final JournalStep.Observer observer;
    private final String process = UUID.randomUUID().toString();
    private final ConcurrentLinkedQueue<LogShipper> arriving = new ConcurrentLinkedQueue<>();
    private final List<LogShipper> logs = new ArrayList<>();
    private final ConcurrentLinkedQueue<JournalRecorder> recorders = new ConcurrentLinkedQueue<>();
    private final Map<Integer, String> incarnations = new HashMap<>();
    private final Map<Integer, Long> beats = new HashMap<>();
    private final Map<LogShipper, Long> stalledSince = new HashMap<>();
    private @Nullable Redis redis;
    private @Nullable StatefulRedisConnection<String, byte[]> connection;
    private long asked = System.nanoTime() - ASK.toNanos();
    private volatile long finishBy = Long.MAX_VALUE;
    private volatile boolean abandoned;
    private volatile long unsettled;
    private volatile LongConsumer shipped = redisMillis -> {};
    private long redisAheadMillis;
    private long sendingMillis;
    private boolean recount;

    JournalShipper(
            JournalSettings settings, Supplier<Redis> connector, InstantSource clock, JournalStep.Observer observer) {
        this.settings = settings;
        this.observer = observer;
        this.connector = connector;
        this.clock = clock;
    }

    void add(EpochLog log) {
        // what an earlier process had counted and not told died with it
        recount |= log.isRecovered();
        arriving.add(new LogShipper(log));
    }

    void add(JournalRecorder recorder) {
        recorders.add(recorder);
        add(recorder.log());
    }

    void onShipped(LongConsumer redisMillis) {
        shipped = redisMillis;
    }

    void finish(Duration patience) {
        finishBy = System.nanoTime() + patience.toNanos();
    }

    void abandon() {
        abandoned = true;
    }

    long unsettled() {
        return unsettled;
    }

    @Override
    public void run() {
        while (!abandoned) {
            Duration pause = settings.pace();
            takeIn();
            logs.forEach(log -> log.log().provide());
            try {
                ship();
                if (finishBy != Long.MAX_VALUE && (logs.isEmpty() || System.nanoTime() > finishBy)) {
                    break;
                }
            } catch (RedisException | ExecutionException | TimeoutException e) {
                LOG.warn("usage waits in the journal, Redis does not take it: {}", e.getMessage());
                logs.forEach(LogShipper::rewind);
                tellShipped(sendingMillis);
                disconnect();
                recount = true;
                pause = PACE_WITHOUT_REDIS;
                if (System.nanoTime() > finishBy) {
                    break;
                }
            } catch (InterruptedException e) {
                break;
            } catch (RuntimeException | Error e) {
                LOG.error("the shipper failed and tries again", e);
                logs.forEach(LogShipper::rewind);
                pause = PACE_WITHOUT_REDIS;
            }
            if (!sleep(pause)) {
                break;
            }
        }
        takeIn();
        logs.forEach(log -> log.log().unmap());
        disconnect();
    }

    private void takeIn() {
        for (LogShipper log = arriving.poll(); log != null; log = arriving.poll()) {
            logs.add(log);
        }
    }

    private void ship() throws ExecutionException, InterruptedException, TimeoutException {
        StatefulRedisConnection<String, byte[]> open = connect();
        if (System.nanoTime() - asked >= ASK.toNanos()) {
            asked = System.nanoTime();
            ask(open.sync());
        }
        List<Future<?>> replies = new ArrayList<>();
        List<Future<String>> added = new ArrayList<>();
        RedisAsyncCommands<String, byte[]> commands = open.async();
        Instant now = clock.instant();
        long waiting = 0;
        for (LogShipper log : logs) {
            String stream = UsageStreams.stream(UsageStreams.shardOf(log.log().producer(), settings.shards()));
            log.pass(now, batch -> {
                observer.reached(JournalStep.BEFORE_SHIP);
                added.add(commands.xadd(stream, batch.toFields()));
            });
            waiting += log.underWay();
        }
        unsettled = waiting;
        if (recount) {
            commands.set(UsageStreams.recount(), UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII))
                    .get(REPLY_SECONDS, TimeUnit.SECONDS);
            recount = false;
        }
        boolean shipping = !added.isEmpty();
        if (shipping) {
            sendingMillis = redisAheadMillis == 0
                    ? now.toEpochMilli()
                    : redisAheadMillis + TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
        }
        count(commands, replies);
        for (Future<?> reply : replies) {
            reply.get(REPLY_SECONDS, TimeUnit.SECONDS);
        }
        long first = Long.MAX_VALUE;
        long sentNanos = System.nanoTime();
        for (Future<String> reply : added) {
            first = Math.min(first, millis(reply.get(REPLY_SECONDS, TimeUnit.SECONDS)));
        }
        if (shipping) {
            redisAheadMillis = first - TimeUnit.NANOSECONDS.toMillis(sentNanos);
            tellShipped(first);
            observer.reached(JournalStep.AFTER_SHIP);
        }
    }

    /** When it is not known whether Redis took it, it counts as taken when it was sent. */
    private void tellShipped(long redisMillis) {
        if (redisMillis != 0) {
            shipped.accept(redisMillis);
        }
        sendingMillis = 0;
    }

    /** A stream entry's id begins with Redis's clock. */
    private static long millis(String entry) {
        return Long.parseLong(entry.substring(0, entry.indexOf('-')));
    }

    private void count(RedisAsyncCommands<String, byte[]> commands, List<Future<?>> replies) {
        for (JournalRecorder recorder : recorders) {
            for (DayCounters counters = recorder.takeCounters(); counters != null; counters = recorder.takeCounters()) {
                counters.amounts().forEach((key, fields) -> {
                    fields.forEach((field, amount) -> replies.add(commands.hincrby(key, field, amount[0])));
                    replies.add(commands.expire(key, COUNTERS_SECONDS));
                });
            }
        }
    }

    /** Asks what the ledger has settled, and whether Redis is still the one that the batches were given to. */
    private void ask(RedisCommands<String, byte[]> commands) {
        Map<Integer, Boolean> lostShards = new HashMap<>();
        for (Iterator<LogShipper> each = logs.iterator(); each.hasNext(); ) {
            LogShipper log = each.next();
            int shard = UsageStreams.shardOf(log.log().producer(), settings.shards());
            boolean lost = lostShards.computeIfAbsent(shard, s -> hasLostItsMemory(commands, s));
            boolean drained = log.isWaiting() && commands.xlen(UsageStreams.stream(shard)) == 0;
            long usageBefore = log.settledUsage();
            long tallyBefore = log.settledTally();
            log.settled(
                    number(commands, shard, Kind.USAGE, log.log()), number(commands, shard, Kind.REFUSALS, log.log()));
            boolean moved = log.settledUsage() > usageBefore || log.settledTally() > tallyBefore;
            journaled(commands, shard, log);
            if (lost) {
                LOG.warn(
                        "Redis has lost its memory: {} ships again from {}",
                        log.log().producer(),
                        log.settledUsage());
                log.rewind();
                recount = true;
            } else if (log.isDone()) {
                log.log().removeAll();
                stalledSince.remove(log);
                each.remove();
            } else if (!drained || moved) {
                stalledSince.remove(log);
            } else if (System.nanoTime() - stalledSince.computeIfAbsent(log, l -> System.nanoTime())
                    > STALL.toNanos()) {
                LOG.warn(
                        "the stream is empty and the ledger lacks usage of {} after {}: ships it again",
                        log.log().producer(),
                        log.settledUsage());
                stalledSince.remove(log);
                log.rewind();
            }
        }
    }

    /** Says what is written down, so that an operator can compare it with what the ledger has. */
    private static void journaled(RedisCommands<String, byte[]> commands, int shard, LogShipper log) {
        Map<String, byte[]> last = new HashMap<>();
        for (Kind kind : new Kind[] {Kind.USAGE, Kind.REFUSALS}) {
            last.put(
                    UsageStreams.committedField(
                            kind, log.log().producer(), log.log().epoch()),
                    Long.toString(kind == Kind.USAGE ? log.lastUsage() : log.lastTally())
                            .getBytes(StandardCharsets.US_ASCII));
        }
        commands.hset(UsageStreams.journaled(shard), last);
    }

    private static long number(RedisCommands<String, byte[]> commands, int shard, Kind kind, EpochLog log) {
        byte[] value = commands.hget(
                UsageStreams.committed(shard), UsageStreams.committedField(kind, log.producer(), log.epoch()));
        return value == null ? 0 : Long.parseLong(new String(value, StandardCharsets.US_ASCII));
    }

    private boolean hasLostItsMemory(RedisCommands<String, byte[]> commands, int shard) {
        String key = UsageStreams.incarnation(shard);
        byte[] value = commands.get(key);
        if (value == null) {
            commands.set(key, UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII), SetArgs.Builder.nx());
            value = commands.get(key);
        }
        String current = value == null ? "" : new String(value, StandardCharsets.US_ASCII);
        String before = incarnations.put(shard, current);
        return hasForgotten(commands, shard) || before != null && !before.equals(current);
    }

    /** Whether Redis has gone back in time, as after a failover to a replica that lagged. */
    private boolean hasForgotten(RedisCommands<String, byte[]> commands, int shard) {
        long expected = 1 + beats.getOrDefault(shard, 0L);
        long beat = commands.hincrby(UsageStreams.beats(shard), process, 1);
        beats.put(shard, beat);
        return beat < expected;
    }

    private StatefulRedisConnection<String, byte[]> connect() {
        StatefulRedisConnection<String, byte[]> open = connection;
        if (open == null) {
            Redis connected = connector.get();
            open = connected.connectBytes();
            redis = connected;
            connection = open;
        }
        return open;
    }

    private void disconnect() {
        if (connection != null) {
            connection.closeAsync();
            connection = null;
        }
        if (redis != null) {
            redis.close();
            redis = null;
        }
    }

    private static boolean sleep(Duration pause) {
        try {
            Thread.sleep(pause);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
