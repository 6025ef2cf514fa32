package dev.gatehouse.metering;

import dev.gatehouse.kernel.id.TenantId;
import dev.gatehouse.kernel.usage.MalformedUsageException;
import dev.gatehouse.kernel.usage.UsageBatch;
import dev.gatehouse.kernel.usage.UsageEvent;
import dev.gatehouse.kernel.usage.UsageEventCodec;
import dev.gatehouse.kernel.usage.UsageStreams;
import dev.gatehouse.metering.audit.Reconciler;
import dev.gatehouse.metering.audit.Reconciliation;
import dev.gatehouse.metering.audit.Verification;
import dev.gatehouse.metering.ledger.CommittedSequences;
import dev.gatehouse.metering.ledger.LedgerRules;
import dev.gatehouse.metering.ledger.LedgerStore;
import dev.gatehouse.metering.restore.RedisRaise;
import dev.gatehouse.metering.store.DeadLetters;
import dev.gatehouse.metering.store.LedgerCounts;
import dev.gatehouse.metering.store.LedgerWalk;
import dev.gatehouse.runtime.redis.Redis;
import dev.gatehouse.runtime.sql.Database;
import io.lettuce.core.api.StatefulRedisConnection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an operator does with the ledger: reconcile, verify, and see to what was set aside. */
public final class MeteringOperations {
    private final Database ledger;
    private final Redis redis;
    private final LedgerStore store;
    private final int shards;
    private final LedgerRules rules;
    private final InstantSource clock;
    private final DeadLetters letters;

    MeteringOperations(
            Database ledger, LedgerStore store, Redis redis, int shards, LedgerRules rules, InstantSource clock) {
        this.rules = rules;
        this.ledger = ledger;
        this.redis = redis;
        this.store = store;
        this.shards = shards;
        this.clock = clock;
        this.letters = new DeadLetters(ledger);
    }

    /** Compares sequences, ledger, rollups, streams and Redis' counters of a span of days, the last included. */
    public Reconciliation reconcile(Optional<TenantId> tenant, LocalDate first, LocalDate last) {
        return reconciler().compare(tenant, first, last);
    }

    /**
     * As {@link #reconcile}, after setting the counters that differ to the ledger's figures, and raising quotas that are
     * lower than what the ledger holds of today.
     */
    public Reconciliation repair(Optional<TenantId> tenant, LocalDate first, LocalDate last) {
        Reconciliation repaired = reconciler().repair(tenant, first, last);
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        int raised = new RedisRaise(redis)
                .raise(
                        today,
                        new LedgerCounts(ledger)
                                .splits(today).stream()
                                        .filter(split ->
                                                tenant.isEmpty() || tenant.get().equals(split.tenant()))
                                        .toList());
        return new Reconciliation(
                repaired.sequences(), repaired.tenants(), repaired.findings(), repaired.repaired() + raised);
    }

    private Reconciler reconciler() {
        CommittedSequences committed = new CommittedSequences(sequence -> {
            try {
                return store.load(sequence);
            } catch (SQLException e) {
                throw new IllegalStateException("the ledger does not answer", e);
            }
        });
        return new Reconciler(
                new LedgerCounts(ledger),
                redis,
                shards,
                (sequence, seq) -> committed.of(sequence).held().contains(seq),
                clock);
    }

    /** Walks the chain and recomputes every rollup whose rows are kept. Reads the whole ledger. */
    public Verification verify() throws SQLException {
        return new LedgerWalk(ledger.dataSource()).walk();
    }

    /** What waits for an operator, the oldest first. */
    public List<DeadLetterEntry> deadLetters(int limit) {
        return letters.open(limit);
    }

    /** The letter, whether it waits or has been seen to. */
    public Optional<DeadLetterEntry> deadLetter(long id) {
        return letters.find(id);
    }

    /** Calls and refusals of every tenant, hour by hour. */
    public List<HourCount> hours(Instant from, Instant to) {
        return new LedgerCounts(ledger).hours(from, to);
    }

    /** How often callers without a known key were refused, by the problem's code. */
    public Map<String, Long> strangers(Instant from, Instant to) {
        return new LedgerCounts(ledger).strangers(from, to);
    }

    /**
     * What {@link #replay} would give to the ledger.
     *
     * @throws IllegalArgumentException when there is no such letter, its bytes are no event, or the ledger would set the
     *     event aside again
     * @throws dev.gatehouse.metering.ledger.TenantsUnavailableException when it cannot be told whether its tenant exists
     */
    public UsageEvent preview(long id, EventFix fix) {
        DeadLetterEntry letter =
                letters.find(id).orElseThrow(() -> new IllegalArgumentException("There is no dead letter " + id + "."));
        try {
            UsageEvent event = fix.apply(
                    UsageEventCodec.decode("replay-" + id, 1, 1, letter.content(), 0, letter.content().length));
            Optional<String> fault = rules.fault(event, clock.instant());
            if (fault.isPresent()) {
                throw new IllegalArgumentException(
                        "The ledger would set the event aside again: " + fault.get() + ". Correct that.");
            }
            return event;
        } catch (MalformedUsageException e) {
            throw new IllegalArgumentException(
                    "Dead letter " + id + " holds no event that can be read: " + e.getMessage() + ". Dismiss it.", e);
        }
    }

    /**
     * Gives an event that was set aside to the ledger again, as {@code fix} has it. It comes as event 1 of a producer that
     * is named for the letter, so that replaying twice counts once.
     *
     * @return the event as it was given
     * @throws IllegalArgumentException when there is no such letter, or its bytes are no event: dismiss it then
     */
    public UsageEvent replay(long id, EventFix fix) {
        UsageEvent event = preview(id, fix);
        UsageEventCodec codec = new UsageEventCodec();
        int length = codec.encode(event);
        UsageBatch.Builder batch = new UsageBatch.Builder(UsageBatch.Kind.USAGE, "replay-" + id, 1);
        batch.add(1, codec.buffer(), 0, length);
        String stream = UsageStreams.stream(UsageStreams.shardOf("replay-" + id, shards));
        try (StatefulRedisConnection<String, byte[]> connection = redis.connectBytes()) {
            connection.sync().xadd(stream, batch.build().toFields());
        }
        letters.resolve(id, "replayed");
        return event;
    }

    /** Takes a letter off the list without replaying it. */
    public void dismiss(long id, String reason) {
        letters.resolve(id, "dismissed: " + reason);
    }
}
