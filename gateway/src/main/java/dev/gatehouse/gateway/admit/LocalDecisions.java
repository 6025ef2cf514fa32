package dev.gatehouse.gateway.admit;

import dev.gatehouse.kernel.id.KeyId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * What a node decides by itself while Redis is away, and the debt that arises from it. Shared by all event loops, each of
 * which may lose and find its connection at another time.
 */
public final class LocalDecisions {
    /**
     * How long after usage was shipped it may still be charged from here. The ledger's figures are used three seconds after they
     * were read, at the earliest.
     */
    private static final long CHARGEABLE_MICROS = 2_500_000;

    private final InstantSource clock;
    private final IntSupplier nodes;
    private final AtomicInteger loopsAway = new AtomicInteger();
    private final AtomicInteger loopsDeciding = new AtomicInteger();
    private final Map<KeyId, Debt> debts = new ConcurrentHashMap<>();
    private final Map<Balance, Balance> touched = new ConcurrentHashMap<>();

    /** @param nodes how many gateways share the tenants' limits, as last known */
    public LocalDecisions(InstantSource clock, IntSupplier nodes) {
        this.clock = clock;
        this.nodes = nodes;
    }

    long nowMicros() {
        Instant now = clock.instant();
        return now.getEpochSecond() * 1_000_000L + now.getNano() / 1_000;
    }

    /** Whether any of this node's event loops decides locally. */
    public boolean isAway() {
        return loopsAway.get() > 0;
    }

    void loopLostRedis() {
        loopsAway.incrementAndGet();
        loopsDeciding.incrementAndGet();
    }

    void loopFoundRedis() {
        loopsAway.decrementAndGet();
        oneDecidesNoMore();
    }

    /** A loop decides some calls here, those that Redis answers late. */
    void loopDoubtsRedis() {
        loopsDeciding.incrementAndGet();
    }

    void loopDoubtsNoMore() {
        oneDecidesNoMore();
    }

    private void oneDecidesNoMore() {
        if (loopsDeciding.decrementAndGet() == 0) {
            touched.keySet().forEach(Balance::endLocal);
            touched.clear();
        }
    }

    /** Decides, and owes what was let in. */
    Admission decide(Account account, long cost) {
        Admission decision = judge(account, cost);
        if (decision instanceof Admission.Admit && cost > 0) {
            owe(account, cost);
        }
        return decision;
    }

    /** Decides on a call that Redis may have charged already: what is owed for it will be known later. */
    Admission judge(Account account, long cost) {
        long now = nowMicros();
        LocalShare share = account.balance().local(account.allowance(), nodes.getAsInt(), now);
        touched.putIfAbsent(account.balance(), account.balance());
        return share.decide(account.allowance().limits(), cost, now);
    }

    /** Corrects a local decision: its bucket and quota here, and what will be charged. */
    void settle(Account account, long units) {
        account.balance().settleLocal(units);
        owe(account, units);
    }

    /** Remembers units to be charged when Redis is back; below zero to be given back. */
    void owe(Account account, long units) {
        if (units != 0) {
            owe(Debt.of(account, units, Math.floorDiv(nowMicros(), AdmissionRule.DAY_MICROS)));
        }
    }

    void owe(Debt debt) {
        if (debt.charges() != 0 || debt.refunds() != 0) {
            debts.merge(debt.account().key(), debt, Debt::plus);
        }
    }

    boolean hasDebts() {
        return !debts.isEmpty();
    }

    /**
     * Usage that was recorded before now is on its way to the ledger.
     *
     * @param redisMillis when Redis took it, on Redis's clock
     */
    public void shipped(long redisMillis) {
        if (!debts.isEmpty()) {
            debts.replaceAll((key, debt) -> debt.until(redisMillis * 1_000 + CHARGEABLE_MICROS));
        }
    }

    /** Hands over all that is owed. */
    void charge(LoopAdmission redis) {
        for (KeyId key : List.copyOf(debts.keySet())) {
            Debt debt = debts.remove(key);
            if (debt != null) {
                redis.charge(debt);
            }
        }
    }

    /** Units that are owed at this moment. */
    public long owed() {
        return debts.values().stream().mapToLong(Debt::units).sum();
    }
}
