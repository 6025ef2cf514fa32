package dev.gatehouse.gateway.admit;

import dev.gatehouse.gateway.redis.LoopRedis;
import dev.gatehouse.kernel.problem.ProblemCode;
import dev.gatehouse.kernel.usage.UsageStreams;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.StatusOutput;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Admission on one event loop: asks Redis in one script call, and decides locally when Redis is away. Used from its loop
 * alone.
 *
 * <p>A decision waits for Redis at most {@link #PATIENCE_NANOS}, and is made locally then. Those that follow go on to ask until
 * {@link RedisStanding} says that Redis is away, a quarter of a second later; from then on none waits at all.
 *
 * <p>A call is charged once, whatever Redis does in between. What Redis has refused or does not know (a script that it has
 * forgotten) is asked again. Where the outcome is not known, because the connection broke, a charge counts as made: should it be
 * missing, the ledger's figures raise the quota, which they never lower.
 */
public final class LoopAdmission {
    /** With the {@link #TICK_MILLIS} between two ticks, no call waits more than 50 ms. */
    public static final long PATIENCE_NANOS = 35_000_000L;

    /** How often {@link #tick} has to be called. */
    public static final long TICK_MILLIS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(LoopAdmission.class);
    private static final long PROBE_NANOS = 50_000_000L;

    /** After this long, a probe's answer is not waited for before the next one. */
    private static final long PROBE_LOST_NANOS = 1_000_000_000L;

    private static final long CHARGE_NANOS = 50_000_000L;
    private static final long PAUSE_NANOS = 1_000_000_000L;
    private static final byte[] PROBE_KEY = "gatehouse:probe".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RECOUNT_KEY = UsageStreams.recount().getBytes(StandardCharsets.US_ASCII);
    private static final ProblemCode[] REFUSALS = {
        ProblemCode.INTERNAL, ProblemCode.QUOTA_EXCEEDED, ProblemCode.KEY_QUOTA_EXCEEDED, ProblemCode.RATE_LIMITED
    };

    private final LoopRedis redis;
    private final LocalDecisions local;
    private final Queue<Call> waiting = new ArrayDeque<>();
    private final RedisStanding standing = new RedisStanding();
    private final LoopTime time = new LoopTime(TICK_MILLIS * 1_000_000L, System.nanoTime());
    private RedisStanding.State shown = RedisStanding.State.AWAY;
    private boolean probing;
    private long probedNanos;
    private long chargedNanos = System.nanoTime();
    private boolean loading;
    private boolean recount;

    public LoopAdmission(LoopRedis redis, LocalDecisions local) {
        this.redis = redis;
        this.local = local;
        // until the first probes are answered
        local.loopLostRedis();
        probedNanos = System.nanoTime() - PROBE_NANOS;
    }

    /** Decides on a call of this cost; a cost of 0 takes nothing and only tells the levels. */
    public void admit(Account account, long cost, Verdict verdict) {
        if (!standing.isAway()) {
            Call call = new Call(account, cost, verdict, System.nanoTime());
            if (redis.send(call)) {
                waiting.add(call);
                return;
            }
            lose("the connection is down");
        }
        verdict.decided(local.decide(account, cost));
    }

    /**
     * Corrects what an admitted call took, off the answer's path.
     *
     * @param units below zero to give back
     */
    public void settle(Account account, long units, Admission.Admit admitted) {
        if (units == 0) {
            return;
        }
        if (admitted.degraded()) {
            local.settle(account, units);
        } else {
            charge(Debt.of(account, units, Math.floorDiv(admitted.levels().atMicros(), AdmissionRule.DAY_MICROS)));
        }
    }

    void charge(Debt debt) {
        if (standing.isAway() || !redis.send(new Settlement(debt))) {
            local.owe(debt);
        }
    }

    /** Decides locally for those that have waited long enough, and finds out whether Redis is back. */
    public void tick() {
        long now = System.nanoTime();
        time.tick(now);
        // what the loop itself was late is not Redis's fault: its answers may lie in the socket, unread
        long late = Math.max(0, time.lateNanos() - TICK_MILLIS * 1_000_000L);
        Call oldest;
        while ((oldest = waiting.peek()) != null
                && (oldest.answered || now - oldest.askedNanos > PATIENCE_NANOS + late)) {
            waiting.poll();
            if (!oldest.answered) {
                if (time.at(now) - oldest.askedAt > PATIENCE_NANOS) {
                    standing.late(time.at(now));
                    stand("it has not answered within 35 ms");
                }
                oldest.giveUp();
            }
        }
        standing.tick(time.at(now));
        stand("it has not answered in time for 250 ms");
        if (standing.state() != RedisStanding.State.HERE) {
            probe(now);
        }
        if (standing.isAway()) {
            return;
        }
        if (local.hasDebts() && now - chargedNanos >= CHARGE_NANOS) {
            chargedNanos = now;
            local.charge(this);
        }
        if (recount && redis.send(new Recount())) {
            recount = false;
        }
    }

    /** Whether this loop decides locally now. */
    public boolean isAway() {
        return standing.isAway();
    }

    private void probe(long now) {
        long since = now - probedNanos;
        if (since >= (probing ? PROBE_LOST_NANOS : PROBE_NANOS) && redis.send(new Probe(time.at(now)))) {
            probing = true;
            probedNanos = now;
        }
    }

    private void lose(String why) {
        standing.broken();
        stand(why);
    }

    private void answeredInTime() {
        if (standing.state() != RedisStanding.State.HERE) {
            standing.inTime();
            stand("");
        }
    }

    /** Does what follows when Redis stands differently. */
    private void stand(String why) {
        RedisStanding.State before = shown;
        shown = standing.state();
        if (before == shown) {
            return;
        }
        switch (shown) {
            case DOUBTED -> local.loopDoubtsRedis();
            case AWAY -> {
                local.loopLostRedis();
                LOG.warn("Redis is away ({}): admission is decided locally until it is back", why);
            }
            case HERE -> {
                if (before == RedisStanding.State.AWAY) {
                    load();
                    local.charge(this);
                    LOG.info("Redis answers: admission is decided there, and what was let in meanwhile is charged");
                    local.loopFoundRedis();
                }
            }
        }
        if (before == RedisStanding.State.DOUBTED) {
            local.loopDoubtsNoMore();
        }
    }

    /** Gives Redis the scripts, which it forgets in a restart or a failover. */
    private void load() {
        if (!loading) {
            loading = true;
            load(AdmissionScripts.SETTLE);
            load(AdmissionScripts.ADMIT);
        }
    }

    private void load(String script) {
        CommandArgs<byte[], byte[]> args =
                new CommandArgs<>(ByteArrayCodec.INSTANCE).add("LOAD").add(script.getBytes(StandardCharsets.UTF_8));
        redis.send(new Command<>(CommandType.SCRIPT, new StatusOutput<>(ByteArrayCodec.INSTANCE), args) {
            @Override
            public void complete() {
                super.complete();
                loading = false;
            }

            @Override
            public boolean completeExceptionally(Throwable failure) {
                loading = false;
                return super.completeExceptionally(failure);
            }

            @Override
            public void cancel() {
                loading = false;
                super.cancel();
            }
        });
    }

    /** One question to Redis whether a call may go in. */
    private final class Call extends ScriptCall {
        private final Account account;
        private final long cost;
        private final long askedNanos;
        private final long askedAt;
        private @Nullable Verdict verdict;
        private boolean answered;
        private boolean admittedLocally;

        Call(Account account, long cost, Verdict verdict, long askedNanos) {
            super(account.admitHead());
            this.account = account;
            this.cost = cost;
            this.verdict = verdict;
            this.askedNanos = askedNanos;
            this.askedAt = time.at(askedNanos);
        }

        @Override
        void encodeTail(ByteBuf buf) {
            bulk(buf, cost);
        }

        @Override
        void replied() {
            Verdict hearer = answer();
            Levels levels = levels();
            account.balance().tell(levels);
            if (hearer != null) {
                answeredInTime();
                hearer.decided(admission(levels));
            } else {
                settle(verdict() == 0);
            }
        }

        /** It was decided locally meanwhile, and now it is known whether Redis has charged it, too: once is enough. */
        private void settle(boolean charged) {
            if (charged && !admittedLocally) {
                local.owe(account, -cost);
            } else if (!charged && admittedLocally) {
                local.owe(account, cost);
            }
        }

        private Admission admission(Levels levels) {
            int code = verdict();
            return code == 0
                    ? new Admission.Admit(levels, false)
                    : new Admission.Refuse(
                            REFUSALS[code],
                            AdmissionRule.retryAfterSeconds(levels, account.allowance(), cost),
                            levels,
                            false);
        }

        @Override
        void failed(String error) {
            Verdict hearer = answer();
            if (hearer == null) {
                settle(false);
                return;
            }
            if (error.startsWith("NOSCRIPT") && System.nanoTime() - askedNanos < PATIENCE_NANOS) {
                load();
                Call again = new Call(account, cost, hearer, askedNanos);
                if (redis.send(again)) {
                    waiting.add(again);
                    return;
                }
            }
            lose(error);
            hearer.decided(local.decide(account, cost));
        }

        @Override
        void lost(String why) {
            Verdict hearer = answer();
            if (hearer != null) {
                lose(why);
                judge(hearer);
            }
            if (cost > 0) {
                // if it was not charged after all, the ledger raises the quota; nothing would lower it
                settle(true);
                recount = true;
            }
        }

        private void judge(Verdict hearer) {
            Admission decision = local.judge(account, cost);
            admittedLocally = decision instanceof Admission.Admit;
            hearer.decided(decision);
        }

        private @Nullable Verdict answer() {
            answered = true;
            if (waiting.peek() == this) {
                waiting.poll();
            }
            Verdict hearer = verdict;
            verdict = null;
            return hearer;
        }

        void giveUp() {
            Verdict hearer = verdict;
            verdict = null;
            if (hearer != null) {
                judge(hearer);
            }
        }
    }

    /** A correction of what was taken. */
    private final class Settlement extends ScriptCall {
        private static final int TOO_LATE = 1;

        private final Debt debt;

        Settlement(Debt debt) {
            super(debt.account().settleHead());
            this.debt = debt;
        }

        @Override
        void encodeTail(ByteBuf buf) {
            bulk(buf, debt.units());
            bulk(buf, debt.day());
            bulk(buf, debt.untilMicros());
            bulk(buf, -debt.refunds());
        }

        @Override
        void replied() {
            debt.account().balance().tell(levels());
            recount |= verdict() == TOO_LATE;
        }

        @Override
        void failed(String error) {
            if (error.startsWith("NOSCRIPT")) {
                load();
            } else {
                // a replica, a slot that has moved: it may be so for long
                chargedNanos = System.nanoTime() + PAUSE_NANOS;
            }
            local.owe(debt);
        }

        @Override
        void lost(String why) {
            // what may have been charged is not charged again, what may not have been given back is given back again:
            // the
            // ledger raises what is too low then, and nothing would lower what is too high
            local.owe(debt.refundsOnly());
            recount = true;
        }
    }

    /** Asks whoever keeps the ledger to raise quotas that are too low. */
    private final class Recount extends Command<byte[], byte[], String> {
        Recount() {
            super(
                    CommandType.SET,
                    new StatusOutput<>(ByteArrayCodec.INSTANCE),
                    new CommandArgs<>(ByteArrayCodec.INSTANCE)
                            .addKey(RECOUNT_KEY)
                            .add(UUID.randomUUID().toString()));
        }

        @Override
        public void complete() {
            super.complete();
            if (getOutput().hasError()) {
                LOG.debug("Redis takes no wish for a recount: {}", getOutput().getError());
            }
        }

        @Override
        public boolean completeExceptionally(Throwable failure) {
            recount = true;
            return super.completeExceptionally(failure);
        }

        @Override
        public void cancel() {
            recount = true;
            super.cancel();
        }
    }

    /**
     * Asks whether Redis is there and takes a change, which a replica or one that is loading does not; only an answer in time
     * counts.
     */
    private final class Probe extends Command<byte[], byte[], String> {
        private final long sentAt;

        /** @param sentAt by the loop's time */
        Probe(long sentAt) {
            super(
                    CommandType.SET,
                    new StatusOutput<>(ByteArrayCodec.INSTANCE),
                    new CommandArgs<>(ByteArrayCodec.INSTANCE)
                            .addKey(PROBE_KEY)
                            .add(1)
                            .add("PX")
                            .add(10_000));
            this.sentAt = sentAt;
        }

        @Override
        public void complete() {
            super.complete();
            probing = false;
            if (getOutput().hasError()) {
                lose(getOutput().getError());
            } else if (time.at(System.nanoTime()) - sentAt < PATIENCE_NANOS) {
                answeredInTime();
            } else {
                standing.late(time.at(System.nanoTime()));
                stand("it has not answered a probe within 35 ms");
            }
        }

        @Override
        public boolean completeExceptionally(Throwable failure) {
            probing = false;
            return super.completeExceptionally(failure);
        }

        @Override
        public void cancel() {
            probing = false;
            super.cancel();
        }
    }
}
